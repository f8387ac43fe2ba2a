import type { Diagnostic, DiagnosticEvent } from "@dagstack/logger-core";

const STORM_WINDOW_MS = 10_000;
const MAX_STORM_KEYS = 1000;
/** Those that records cause. The others are caused by a configuration or the end of the process, and all are written. */
const REPEATING: ReadonlySet<DiagnosticEvent> = new Set([
  "sink_error",
  "buffer_overflow",
  "record_malformed",
  "scope_ended",
]);

interface Storm {
  until: number;
  suppressed: number;
  droppedCount: number;
}

/** Holds the same event for the same sink (or logger) to one in ten seconds, and counts the rest (§7.4). */
export class StormGuard {
  readonly #storms = new Map<string, Storm>();

  /** The diagnostic to write now, or `undefined` while the window of an earlier one lasts. */
  pass(diagnostic: Diagnostic, nowMs: number): { diagnostic: Diagnostic; suppressed: number } | undefined {
    if (!REPEATING.has(diagnostic.event)) return { diagnostic, suppressed: 0 };
    const key = `${diagnostic.event} ${diagnostic.sinkId ?? diagnostic.loggerName ?? ""} ${diagnostic.reason ?? ""}`;
    const dropped = diagnostic.droppedCount ?? 0;
    const storm = this.#storms.get(key);
    if (storm !== undefined && nowMs < storm.until) {
      storm.suppressed += 1;
      storm.droppedCount += dropped;
      return undefined;
    }
    if (this.#storms.size >= MAX_STORM_KEYS) this.#storms.clear();
    this.#storms.set(key, { until: nowMs + STORM_WINDOW_MS, suppressed: 0, droppedCount: 0 });
    if (storm === undefined || storm.suppressed === 0) return { diagnostic, suppressed: 0 };
    const total = storm.droppedCount + dropped;
    return {
      diagnostic: total === 0 ? diagnostic : { ...diagnostic, droppedCount: total },
      suppressed: storm.suppressed,
    };
  }

  reset(): void {
    this.#storms.clear();
  }
}
