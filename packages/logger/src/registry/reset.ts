import { systemClock } from "@dagstack/logger-core";
import { defaultConfiguration } from "./configuration.ts";
import { touch } from "./look-up.ts";
import type { Registry } from "./registry.ts";

/** Everything back to defaults; counters zero; sinks are left to their owners. For tests. */
export function reset(registry: Registry): void {
  for (const node of registry.nodes) {
    node.level = null;
    node.sinks = null;
    node.reported.clear();
  }
  registry.configuration = defaultConfiguration();
  registry.closed = false;
  registry.generation += 1;
  registry.defaultSink = undefined;
  registry.clock = systemClock;
  registry.windows.reset();
  registry.windowTimer?.cancel();
  registry.windowTimer = undefined;
  registry.reportedOnce.clear();
  registry.ports.forgetScoped();
  registry.retirement.forget();
  registry.reconfiguring = Promise.resolve();
  registry.lossesWithoutSink.begin().result();
  registry.metrics.reset();
  for (const port of registry.ports.all()) port.books.countAnew();
  touch(registry);
}
