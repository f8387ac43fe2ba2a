export { FallbackSink, type FallbackSinkOptions } from "./fallback-sink.ts";
