import { type Clock, type FlushResult, settlesWithin } from "@dagstack/logger-core";
import { closePort } from "./flush.ts";
import type { Registry } from "./registry.ts";
import type { SinkPort } from "./sink-port.ts";

/** Sinks that a configuration no longer uses: flushed and closed in the background (§9.3). */
export class Retirement {
  readonly #under = new Map<SinkPort, Promise<FlushResult>>();
  #waiting = 0;
  /** Of those that ended while nobody waited: losses that the next flush answers for. */
  #failures: FlushResult[] = [];

  /** Starts closing a sink, unless it is in use again by the time its flush is done. */
  start(registry: Registry, port: SinkPort): void {
    if (this.#under.has(port)) return;
    const isWanted = (): boolean => registry.configuredSinks().has(port.sink);
    const done = closePort(port, registry.configuration.flushTimeoutMs, registry.clock, isWanted).then((result) => {
      this.#under.delete(port);
      if (this.#waiting === 0 && !result.success) this.#failures.push(result);
      return result;
    });
    this.#under.set(port, done);
  }

  /** The results of those under way, and of those that failed since somebody last asked. */
  async wait(timeoutMs: number, clock: Clock): Promise<readonly FlushResult[]> {
    const earlier = this.#failures;
    this.#failures = [];
    this.#waiting += 1;
    const underWay = await Promise.all([...this.#under].map(([port, done]) => resultInTime(port, done, timeoutMs, clock)));
    this.#waiting -= 1;
    return [...earlier, ...underWay];
  }

  /** For tests. */
  forget(): void {
    this.#failures = [];
  }
}

async function resultInTime(
  port: SinkPort,
  done: Promise<FlushResult>,
  timeoutMs: number,
  clock: Clock,
): Promise<FlushResult> {
  if (await settlesWithin(done, timeoutMs, clock)) return done;
  const error = `timeout: still closing after ${timeoutMs} ms`;
  return { success: false, partial: false, failedSinks: [{ sinkId: port.id, error }], droppedCount: 0 };
}
