/** A sink as the logger holds it: guarded, its books kept, flushed and closed under a deadline. */
export { closePort, flushPort, mergeFlushResults } from "./flush.ts";
export { InternalStderrSink } from "./internal-stderr-sink.ts";
export { lostToClose, Retirement } from "./retirement.ts";
export { SinkCounters, type SinkMetrics } from "./sink-counters.ts";
export { sinkId } from "./sink-id.ts";
export { SinkPort, type SinkPortHost } from "./sink-port.ts";
export { SinkPorts } from "./sink-ports.ts";
