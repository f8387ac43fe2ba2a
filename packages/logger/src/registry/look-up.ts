/** Which level and sinks hold for a name (§3.1). */
import { DEFAULT_SEVERITY, INTERNAL_LOGGER_NAME, type Sink } from "@dagstack/logger-core";
import { ConsoleSink } from "@dagstack/sink-console";
import type { LoggerNode, SettingOrigin, Threshold } from "./logger-node.ts";
import type { Registry } from "./registry.ts";

/** A level, and where in the hierarchy it was set. */
interface LevelSetting {
  readonly severityNumber: number;
  readonly from: SettingOrigin;
  readonly node: string;
}

/** Sinks, and where in the hierarchy they were set. */
interface SinksSetting {
  readonly list: readonly Sink[];
  readonly from: SettingOrigin;
  readonly node: string;
}

export function levelOf(registry: Registry, name: string): LevelSetting {
  for (const node of registry.nodes.lineage(name)) {
    if (node.level !== null) return { ...node.level, node: node.name };
  }
  return { severityNumber: DEFAULT_SEVERITY, from: "default", node: "" };
}

/** The level of a name, shared by all handles that take theirs from it. */
export function thresholdOf(registry: Registry, node: LoggerNode): Threshold {
  node.threshold ??= { minimum: levelOf(registry, node.name).severityNumber };
  return node.threshold;
}

export function sinksOf(registry: Registry, name: string): SinksSetting {
  for (const node of registry.nodes.lineage(name)) {
    if (node.sinks !== null) return { ...node.sinks, node: node.name };
  }
  return { list: [defaultSink(registry, name)], from: "default", node: "" };
}

function defaultSink(registry: Registry, name: string): Sink {
  if (name === INTERNAL_LOGGER_NAME) return registry.internalSink;
  registry.defaultSink ??= new ConsoleSink();
  return registry.defaultSink;
}

/** Every distinct sink that some logger writes to now. */
export function configuredSinks(registry: Registry): Set<Sink> {
  const { nodes, defaultSink } = registry;
  const sinks = new Set<Sink>();
  for (const node of nodes) for (const sink of node.sinks?.list ?? []) sinks.add(sink);
  if (defaultSink !== undefined && nodes.get("").sinks === null) sinks.add(defaultSink);
  return sinks;
}

/** Makes every handle look again. */
export function touch(registry: Registry): void {
  registry.epoch += 1;
  for (const node of registry.nodes) {
    if (node.threshold === null) continue;
    node.threshold.minimum = 0;
    node.threshold = null;
  }
}
