/**
 * What packages that write files share (Node): lines gathered and written in order, a path that is opened, watched and
 * forced to the disk, and a lock between processes.
 */
export { DescriptorTrust } from "./descriptor-trust.ts";
export { DiskSync, type FsyncPolicy } from "./disk-sync.ts";
export { FileLock, type FileLockOptions, type Haste } from "./file-lock.ts";
export { errorCode, type FileStatus, type FileSystem, type GzipCopy } from "./file-system.ts";
export { DestinationBusy, type LineDestination } from "./line-destination.ts";
export { LineWriter, type LineWriterOptions } from "./line-writer.ts";
export { nodeFileSystem } from "./node-file-system.ts";
export { OpenFile, type OpenOptions } from "./open-file.ts";
export { PathWatch } from "./path-watch.ts";
export { pauseThread } from "./pause-thread.ts";
export { type ProcessTable, systemProcesses } from "./process-table.ts";
export { isTorn } from "./torn-tail.ts";
