export { FileSink } from "./file-sink.ts";
export { type FileStatus, type FileSystem, type GzipCopy, nodeFileSystem } from "./file-system.ts";
export type { SignalSource } from "./hangup.ts";
export type { FileSinkOptions, RotationOptions } from "./options.ts";
export type { ProcessTable } from "./process-table.ts";
export type { FileSinkSeams } from "./seams.ts";
