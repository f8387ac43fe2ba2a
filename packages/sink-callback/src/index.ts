export { CallbackSink, type CallbackSinkOptions, type LogCallback } from "./callback-sink.ts";
