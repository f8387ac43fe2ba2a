import { type Clock, type FlushResult, settlesWithin } from "@dagstack/logger-core";
import { closePort } from "./flush.ts";
import type { SinkPort } from "./sink-port.ts";

/** One sink on its way out. */
interface Leaving {
  readonly port: SinkPort;
  readonly done: Promise<FlushResult>;
  result: FlushResult | undefined;
}

/** Sinks that a configuration no longer uses: flushed and closed in the background (§9.3). */
export class Retirement {
  readonly #under = new Map<SinkPort, Leaving>();
  /** Those that ended with a loss of which no flush has told yet. */
  readonly #untold = new Set<Leaving>();

  /** Starts closing a sink. @param isWanted whether it is in use again, and stays open: asked when its flush is done. */
  start(port: SinkPort, timeoutMs: number, clock: Clock, isWanted: () => boolean): void {
    if (this.#under.has(port)) return;
    const before = lostToClose(port);
    const done = closePort(port, timeoutMs, clock, { isWanted });
    const leaving: Leaving = { port, done, result: undefined };
    this.#under.set(port, leaving);
    void done.then((result) => {
      leaving.result = result;
      // Nobody may ask for the result, so it is a diagnostic, too.
      const lost = lostToClose(port) - before;
      if (lost > 0) port.fail(new Error(`no longer configured, and closed with ${lost} undelivered`), "closed", lost);
      if (this.#under.get(port) !== leaving) return;
      this.#under.delete(port);
      if (!result.success) this.#untold.add(leaving);
    });
  }

  /** The results of those under way, and of those that failed since somebody last asked. */
  async wait(timeoutMs: number, clock: Clock): Promise<readonly FlushResult[]> {
    const awaited = [...this.#untold, ...this.#under.values()];
    await settlesWithin(Promise.all(awaited.map(({ done }) => done)), timeoutMs, clock);
    for (const leaving of awaited) this.#untold.delete(leaving);
    return awaited.map(({ port, result }) => result ?? unfinished(port, timeoutMs));
  }

  /** For tests. */
  forget(): void {
    this.#under.clear();
    this.#untold.clear();
  }
}

/** Records that were lost because the sink was closed. */
export function lostToClose(port: SinkPort): number {
  return port.books.ledger().dropped.closed ?? 0;
}

function unfinished(port: SinkPort, timeoutMs: number): FlushResult {
  const error = `timeout: still closing after ${timeoutMs} ms`;
  return { success: false, partial: false, failedSinks: [{ sinkId: port.id, error }], droppedCount: 0 };
}
