export type { ChunkFate } from "./chunk-fate.ts";
export { type ForeignCalls, UNWATCHED } from "./foreign-call.ts";
export { ForeignWrite } from "./foreign-write.ts";
export { StandardStreams } from "./standard-streams.ts";
export type { BypassFate, StreamBypass } from "./stream-tap.ts";
