import type { LedgerSnapshot } from "@dagstack/logger-core";
import { SinkCounters, type SinkMetrics, type SinkPorts, sinkId } from "../sinks/index.ts";
import type { LoggerNodes } from "./logger-node.ts";

/** The id under which sinks that are gone are summed up (D-94). */
const RETIRED_ID = "retired";
/** Ids are looked through when there are so many, and twice as many as were left the last time. */
const MANY_IDS = 256;

/** How `reconfigure` calls ended. */
export type ReconfigureOutcome = "ok" | "rejected" | "error";

/** All counters at one instant (§12): a plain object that JSON can hold. */
export interface MetricsSnapshot {
  /** Records handed to the sinks, once each however many sinks, by logger name and severity text. */
  readonly emitted: { readonly [loggerName: string]: { readonly [severityText: string]: number } };
  /** Sinks that are closed and no longer configured are told once, then summed up as `retired`. */
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
  readonly #ports: SinkPorts;
  readonly #sinks = new Map<string, SinkCounters>();
  /** The ids that had ports. The others concern no sink in particular, and stay. */
  readonly #ofPorts = new Set<string>();
  /** Those of them that a snapshot told of after their sinks were gone. */
  #toldGone = new Set<string>();
  #retireAt = MANY_IDS;
  readonly #reconfigure: { [O in ReconfigureOutcome]: number } = { ok: 0, rejected: 0, error: 0 };

  constructor(nodes: LoggerNodes, ports: SinkPorts) {
    this.#nodes = nodes;
    this.#ports = ports;
  }

  /** For the sinks of an id. */
  sinkWithPort(id: string): SinkCounters {
    this.#ofPorts.add(id);
    if (this.#sinks.size >= this.#retireAt) {
      for (const gone of this.#goneIds()) this.#retire(gone);
      this.#retireAt = Math.max(MANY_IDS, 2 * this.#sinks.size);
    }
    return this.sink(id);
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
    const gone = this.#goneIds();
    for (const id of this.#toldGone) if (gone.delete(id)) this.#retire(id);
    this.#toldGone = gone;
    return {
      emitted: Object.fromEntries(emitted),
      sinks: Object.fromEntries([...this.#sinks].map(([id, counters]) => [id, counters.snapshot()])),
      reconfigure: { ...this.#reconfigure },
      activeLoggers: this.#nodes.withLogger,
    };
  }

  /** Ids of which no sink is configured and none is open; a closed one has no records whose fate is open. */
  #goneIds(): Set<string> {
    const gone = new Set(this.#ofPorts);
    for (const { sinks } of this.#nodes) for (const sink of sinks?.list ?? []) gone.delete(sinkId(sink));
    for (const port of this.#ports.all()) if (!port.released) gone.delete(port.id);
    return gone;
  }

  /** Totals stay exact: should something be counted under the id again, it begins anew. */
  #retire(id: string): void {
    const counters = this.#sinks.get(id);
    this.#ofPorts.delete(id);
    if (counters === undefined || id === RETIRED_ID) return;
    this.#sinks.delete(id);
    this.sink(RETIRED_ID).add(counters);
    for (const port of this.#ports.all()) if (port.id === id) port.books.lookAgain();
  }

  /** Nothing counted. Whoever holds counters of a sink has to ask for them again. */
  reset(): void {
    this.#sinks.clear();
    this.#toldGone.clear();
    for (const node of this.#nodes) for (const text of Object.keys(node.emitted)) delete node.emitted[text as never];
    this.#reconfigure.ok = 0;
    this.#reconfigure.rejected = 0;
    this.#reconfigure.error = 0;
  }
}
