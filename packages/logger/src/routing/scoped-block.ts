import { checkedSinks } from "../configuration/index.ts";
import { flushSinks } from "../process/index.ts";
import type { Registry } from "../registry/index.ts";
import { loseWithoutSink, report } from "../reporting/index.ts";
import { planScope, type ScopePlan } from "./scope.ts";

/** The life of one `withScopedSinks` block (§6.2). A block inside another ends with it at the latest. */
export class ScopedBlock {
  readonly #outer: ScopedBlock | null;
  #ended = false;
  #reported = false;

  constructor(outer: ScopedBlock | null) {
    this.#outer = outer;
  }

  get ended(): boolean {
    return this.#ended || this.#outer?.ended === true;
  }

  /** Runs what the block is for, with its sinks; afterwards they are flushed. Rejects where they are none. */
  async run<T>(registry: Registry, sinks: unknown, fn: (scope: ScopePlan) => T | Promise<T>): Promise<T> {
    const scope = planScope(registry, { sinks: checkedSinks(sinks, "sinks") });
    try {
      return await fn(scope);
    } finally {
      this.#ended = true;
      await flushSinks(registry, scope.sinks?.ports ?? []);
    }
  }

  /** Counts a record logged after the block, and reports the first (D-48). */
  refuse(registry: Registry, loggerName: string): void {
    loseWithoutSink(registry, "scope_ended");
    if (this.#reported) return;
    this.#reported = true;
    report(registry, { event: "scope_ended", loggerName: loggerName === "" ? "root" : loggerName, droppedCount: 1 });
  }
}
