export { FileSink, type FileSinkSeams } from "./file-sink.ts";
export { type FileStatus, type FileSystem, nodeFileSystem } from "./file-system.ts";
export type { FileSinkOptions, RotationOptions } from "./options.ts";
