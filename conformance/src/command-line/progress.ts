/** Tells on standard error how far a run is: one line that is written over at a terminal, else one line per rule. */

import type { RuleOutcome } from "../run/index.ts";
import type { SinkRule } from "../station/index.ts";
import { oneLine } from "../station/index.ts";

/** What progress is written to. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What a run calls, and the end of the line that was written over. */
export interface Progress {
  onRule(rule: SinkRule, index: number, total: number): void;
  onOutcome(outcome: RuleOutcome): void;
  /** A line of its own, whatever is being written over. */
  note(text: string): void;
  end(): void;
}

const CLEAR_LINE = "\r\u001b[2K";

/** Progress on a stream; `quiet` leaves notes alone. */
export function showProgress(stream: ProgressStream, quiet: boolean): Progress {
  const rewrites = stream.isTTY === true && !quiet;
  let position = "";
  return {
    onRule(rule, index, total) {
      position = `[${index + 1}/${total}]`;
      if (rewrites) {
        stream.write(`${CLEAR_LINE}${`${position} ${rule.id} ${rule.what}`.slice(0, (stream.columns ?? 80) - 1)}`);
      }
    },
    onOutcome({ rule, verdict, durationMs }) {
      if (!rewrites && !quiet) stream.write(`${position} ${rule.id} ${verdict} (${Math.round(durationMs)} ms)\n`);
    },
    note(text) {
      stream.write(`${rewrites ? CLEAR_LINE : ""}${oneLine(text)}\n`);
    },
    end() {
      if (rewrites) stream.write(CLEAR_LINE);
    },
  };
}
