/** What the process holds for all its loggers: names, settings, counters, ports of sinks. Others act on it. */
export type { CapturedLogs } from "./captures.ts";
export type { Settings } from "./configuration.ts";
export type { Told } from "./diagnostic-windows.ts";
export { type LoggerNode, nodeName, type SettingOrigin, type Threshold } from "./logger-node.ts";
export { configuredSinks, levelOf, sinksOf, thresholdOf, touch } from "./look-up.ts";
export type { Metrics, MetricsSnapshot, ReconfigureOutcome } from "./metrics.ts";
export { notShared, processRegistry } from "./process-registry.ts";
export { NO_SINK_ID, type Registry } from "./registry.ts";
export { reset } from "./reset.ts";
export type { Identity, Route } from "./route.ts";
