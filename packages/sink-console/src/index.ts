export type { ColorChoice } from "@dagstack/logger-core/wire";
export { ConsoleSink, type ConsoleSinkSeams } from "./console-sink.ts";
export type { ConsoleMode, ConsoleSinkOptions } from "./options.ts";
export type { ConsoleLike, ConsoleStream, DescriptorWriter, ProcessLike } from "./runtime/index.ts";
