export { type Batch, Batcher } from "./batcher.ts";
export { BoundedQueue, type QueueBounds } from "./bounded-queue.ts";
export { type Contents, type Entry, itemsAlone, itemsWithRecords } from "./contents.ts";
export { estimateBytes, estimateRecordBytes } from "./estimate-bytes.ts";
