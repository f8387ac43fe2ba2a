export {
  type FileStatus,
  type FileSystem,
  type GzipCopy,
  nodeFileSystem,
  type ProcessTable,
} from "@dagstack/logger-core/files";
export { FileSink } from "./file-sink.ts";
export type { SignalSource } from "./hangup.ts";
export type { FileSinkOptions } from "./options.ts";
export type { RotationOptions } from "./rotation/index.ts";
export type { FileSinkSeams } from "./seams.ts";
