import type { LedgerSnapshot } from "@dagstack/logger-core";
import { SinkCounters, type SinkMetrics } from "../sinks/index.ts";
import type { LoggerNodes } from "./logger-node.ts";

/** How `reconfigure` calls ended. */
export type ReconfigureOutcome = "ok" | "rejected" | "error";

/** All counters at one instant (§12): a plain object that JSON can hold. */
export interface MetricsSnapshot {
  /** Records handed to the sinks, once each however many sinks, by logger name and severity text. */
  readonly emitted: { readonly [loggerName: string]: { readonly [severityText: string]: number } };
  readonly sinks: { readonly [sinkId: string]: SinkMetrics };
  readonly reconfigure: { readonly [O in ReconfigureOutcome]: number };
  /** Names that have a logger. */
  readonly activeLoggers: number;
}

/** What an application reads of the logger's own counters (§12). They run for the life of the process. */
export interface Metrics {
  snapshot(): MetricsSnapshot;
  /** Records lost at a sink, all reasons together (D-61). */
  droppedTotal(sinkId: string): number;
  /** accepted = delivered + pending + the sum of dropped; all zero for an unknown sink. */
  ledger(sinkId: string): LedgerSnapshot;
}

/** Counts for the whole process. */
export class ProcessMetrics implements Metrics {
  readonly #nodes: LoggerNodes;
  readonly #sinks = new Map<string, SinkCounters>();
  readonly #reconfigure: { [O in ReconfigureOutcome]: number } = { ok: 0, rejected: 0, error: 0 };

  constructor(nodes: LoggerNodes) {
    this.#nodes = nodes;
  }

  sink(id: string): SinkCounters {
    let counters = this.#sinks.get(id);
    if (counters === undefined) {
      counters = new SinkCounters();
      this.#sinks.set(id, counters);
    }
    return counters;
  }

  countReconfigure(outcome: ReconfigureOutcome): void {
    this.#reconfigure[outcome] += 1;
  }

  droppedTotal(sinkId: string): number {
    return this.#sinks.get(sinkId)?.ledger.droppedTotal ?? 0;
  }

  ledger(sinkId: string): LedgerSnapshot {
    return (this.#sinks.get(sinkId) ?? new SinkCounters()).ledger.snapshot();
  }

  snapshot(): MetricsSnapshot {
    const emitted: [string, { [severityText: string]: number }][] = [];
    for (const node of this.#nodes) {
      if (Object.keys(node.emitted).length > 0)
        emitted.push([node.name === "" ? "root" : node.name, { ...node.emitted }]);
    }
    return {
      emitted: Object.fromEntries(emitted),
      sinks: Object.fromEntries([...this.#sinks].map(([id, counters]) => [id, counters.snapshot()])),
      reconfigure: { ...this.#reconfigure },
      activeLoggers: this.#nodes.withLogger,
    };
  }

  /** Nothing counted. Whoever holds counters of a sink has to ask for them again. */
  reset(): void {
    this.#sinks.clear();
    for (const node of this.#nodes) for (const text of Object.keys(node.emitted)) delete node.emitted[text as never];
    this.#reconfigure.ok = 0;
    this.#reconfigure.rejected = 0;
    this.#reconfigure.error = 0;
  }
}
