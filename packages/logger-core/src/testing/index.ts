export { ManualClock } from "./manual-clock.ts";
export { parseOtlpJson } from "./parse-otlp-json.ts";
export { parseOtlpProtobuf } from "./parse-otlp-protobuf.ts";
export { testRecord } from "./records.ts";
export { type ScriptedAnswer, type ScriptedCall, ScriptedDelivery } from "./scripted-delivery.ts";
export { RecordingContext } from "./sink-context.ts";
