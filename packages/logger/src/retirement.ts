import { type FlushResult, settlesWithin } from "@dagstack/logger-core";
import { closePort, flushPort, mergeFlushResults } from "./flush.ts";
import type { Registry } from "./registry.ts";
import type { SinkPort } from "./sink-port.ts";

/** Sinks that a configuration no longer uses: flushed and closed in the background (§9.3). */
export class Retirement {
  readonly #under = new Set<Promise<FlushResult>>();

  /** Starts closing a sink, unless it is in use again by the time its flush is done. */
  start(registry: Registry, port: SinkPort): void {
    const done = this.#retire(registry, port);
    this.#under.add(done);
    void done.then(() => this.#under.delete(done));
  }

  /** The results of those that end in time. */
  async wait(timeoutMs: number, clock: Registry["clock"]): Promise<readonly FlushResult[]> {
    const all = Promise.all(this.#under);
    if (this.#under.size === 0 || !(await settlesWithin(all, timeoutMs, clock))) return [];
    return all;
  }

  async #retire(registry: Registry, port: SinkPort): Promise<FlushResult> {
    const time = registry.configuration.flushTimeoutMs;
    const flushed = await flushPort(port, time, registry.clock);
    if (registry.configuredSinks().has(port.sink)) return flushed;
    return mergeFlushResults([flushed, await closePort(port, time, registry.clock)]);
  }
}
