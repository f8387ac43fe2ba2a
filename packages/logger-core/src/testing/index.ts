export { ManualClock } from "./manual-clock.ts";
export { testRecord } from "./records.ts";
export { RecordingContext } from "./sink-context.ts";
