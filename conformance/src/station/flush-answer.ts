import type { FailedSink } from "@dagstack/logger-core";
import type { Settled } from "./case-time.ts";

/** What a flush answered. `result` is what came, unread; the rest is how the logger understands it (D-66). */
export interface FlushAnswer {
  /** Whether it answered at all, within its deadline and the grace; a rejection is an answer. */
  readonly settled: boolean;
  readonly rejected: unknown;
  readonly result: unknown;
  readonly success: boolean;
  readonly partial: boolean;
  readonly failedSinks: readonly FailedSink[];
  readonly droppedCount: number | undefined;
}

/** Reads the answer of a flush as the logger does. */
export function readFlush(answer: Settled<unknown>): FlushAnswer {
  const result = answer.kind === "resolved" ? answer.value : undefined;
  const members = (typeof result === "object" && result !== null ? result : {}) as Record<string, unknown>;
  const { success, ok, partial, failedSinks, droppedCount } = members;
  return {
    settled: answer.kind !== "pending",
    rejected: answer.kind === "rejected" ? (answer.error ?? "nothing") : undefined,
    result,
    success: answer.kind === "resolved" && success !== false && ok !== false,
    partial: partial === true,
    failedSinks: Array.isArray(failedSinks) ? (failedSinks as readonly FailedSink[]) : [],
    droppedCount: typeof droppedCount === "number" ? droppedCount : undefined,
  };
}
