export { type Batch, Batcher, type BatchLimits } from "./batcher.ts";
export { BoundedQueue, type QueueBounds } from "./bounded-queue.ts";
export { estimateBytes, estimateRecordBytes } from "./estimate-bytes.ts";
