import type { Diagnostic } from "@dagstack/logger-core";

const WINDOW_MS = 10_000;
const MAX_WINDOWS = 1000;
const MAX_KEY_PART = 200;

/** A diagnostic to write, and how many like it were not written before it. */
export interface Told {
  readonly diagnostic: Diagnostic;
  readonly suppressed: number;
}

interface Window {
  endMs: number;
  /** The newest of those suppressed. */
  newest: Diagnostic | undefined;
  suppressed: number;
  droppedCount: number;
}

/**
 * Holds the same event for the same sink (or logger) to one in ten seconds (§7.4). What a window suppressed is told when
 * it ends, as the newest of them with the number of all and the sum of the records they cost. A failure that cost records
 * and one that did not are not the same.
 */
export class DiagnosticWindows {
  readonly #windows = new Map<string, Window>();

  /** When the first of the windows ends that have something to tell; `undefined` when there is none. */
  get nextEndMs(): number | undefined {
    let next: number | undefined;
    for (const { endMs, suppressed } of this.#windows.values()) {
      if (suppressed > 0 && (next === undefined || endMs < next)) next = endMs;
    }
    return next;
  }

  /** What to write of a diagnostic that occurred, now or `undefined` for later. */
  pass(diagnostic: Diagnostic, nowMs: number): Told | undefined {
    const key = this.#keyOf(diagnostic, nowMs);
    const window = this.#windows.get(key);
    if (window === undefined) {
      this.#windows.set(key, { endMs: nowMs + WINDOW_MS, newest: undefined, suppressed: 0, droppedCount: 0 });
      return { diagnostic, suppressed: 0 };
    }
    window.droppedCount += diagnostic.droppedCount ?? 0;
    if (nowMs < window.endMs) {
      window.newest = diagnostic;
      window.suppressed += 1;
      return undefined;
    }
    const told = { diagnostic: withSum(diagnostic, window), suppressed: window.suppressed };
    restart(window, nowMs);
    return told;
  }

  /** What the windows suppressed that have ended by now; each begins another window. */
  ended(nowMs: number): Told[] {
    return this.#tell(nowMs, (window) => nowMs >= window.endMs);
  }

  /** What all windows suppressed, however long they last: nobody may ask later. */
  all(nowMs: number): Told[] {
    return this.#tell(nowMs, () => true);
  }

  reset(): void {
    this.#windows.clear();
  }

  #tell(nowMs: number, isDue: (window: Window) => boolean): Told[] {
    const told: Told[] = [];
    for (const window of this.#windows.values()) {
      const { newest, suppressed } = window;
      if (newest === undefined || !isDue(window)) continue;
      told.push({ diagnostic: withSum(newest, window), suppressed });
      restart(window, nowMs);
    }
    return told;
  }

  /** Beyond a number of windows, those of one event have one in common. */
  #keyOf(diagnostic: Diagnostic, nowMs: number): string {
    const { event, sinkId, loggerName, reason, attributePath, configPath, droppedCount } = diagnostic;
    const cost = event === "sink_error" && droppedCount !== undefined ? "loss" : "";
    const key = [event, sinkId ?? loggerName, reason, attributePath, configPath, cost].map(shortened).join("\n");
    if (this.#windows.has(key) || this.#windows.size < MAX_WINDOWS) return key;
    for (const [name, { endMs, suppressed }] of this.#windows) {
      if (suppressed === 0 && nowMs >= endMs) this.#windows.delete(name);
    }
    return this.#windows.size < MAX_WINDOWS ? key : event;
  }
}

/** What differs beyond this is not told apart: names may be of any length. */
function shortened(text: unknown): string {
  return String(text).slice(0, MAX_KEY_PART);
}

function withSum(diagnostic: Diagnostic, { droppedCount }: Window): Diagnostic {
  return droppedCount === 0 ? diagnostic : { ...diagnostic, droppedCount };
}

function restart(window: Window, nowMs: number): void {
  window.endMs = nowMs + WINDOW_MS;
  window.newest = undefined;
  window.suppressed = 0;
  window.droppedCount = 0;
}
