import { member, members, shortText } from "./foreign-value.ts";
import type { DeliveryFailure, Losses, Verdict } from "./verdict.ts";

/** Further reasons are counted, not named. */
const NAMED_REASONS = 3;
const NOT_KNOWN = "which record is not known";

/**
 * Reads a mixed outcome for a batch of `size` records. What makes no sense in it never counts as delivered in silence:
 * an entry that names no record of the batch costs one that is not named otherwise; a record named twice is tried
 * again if that is one of the two; lists that cannot be read lose the batch. Each of these is told.
 */
export function readMixed(outcome: unknown, size: number, afterMs: number | undefined): Verdict {
  // No list may hide the entries of another by its length: twice over is the most that can be understood.
  const retryList = members(member(outcome, "retry"), 2 * size);
  const rejectedList = members(member(outcome, "rejected"), 2 * size);
  if (retryList === undefined || rejectedList === undefined) {
    const text = "a mixed outcome needs retry: [index…] and rejected: [{ index, reason }…]";
    return { status: "settled", lost: size, failure: { type: "delivery_outcome", text } };
  }
  const named = new Named(size);
  for (const index of retryList) named.retry(index);
  for (const entry of rejectedList) {
    named.reject(member(entry, "index"), shortText(member(entry, "reason"), "rejected by the receiver"));
  }
  const { complaint, losses } = named;
  const indexes = named.retried;
  if (indexes.length === 0) return { status: "settled", ...losses, complaint };
  const failure = { type: "delivery_retry", text: shortText(member(outcome, "reason"), "no reason given") };
  return { status: "retry", afterMs, failure, part: { indexes, others: losses }, complaint };
}

/** The records that an outcome names. */
class Named {
  readonly #size: number;
  readonly #retried = new Set<number>();
  readonly #rejected = new Map<number, string>();
  #nameless = 0;
  #twice = 0;

  constructor(size: number) {
    this.#size = size;
  }

  retry(index: unknown): void {
    if (!this.#isPlace(index)) this.#nameless += 1;
    else if (this.#retried.has(index)) this.#twice += 1;
    else this.#retried.add(index);
  }

  /** To be called after all that is tried again. */
  reject(index: unknown, text: string): void {
    if (!this.#isPlace(index)) this.#nameless += 1;
    else if (this.#retried.has(index) || this.#rejected.has(index)) this.#twice += 1;
    else this.#rejected.set(index, text);
  }

  get retried(): number[] {
    return ascending([...this.#retried]);
  }

  get losses(): Losses {
    const which = ascending([...this.#rejected.keys()]).map((index) => ({
      index,
      text: this.#rejected.get(index) ?? "",
    }));
    const others = this.#size - this.#retried.size - which.length;
    const unknown = Math.min(this.#nameless, others);
    const lost = which.length + unknown;
    if (lost === 0) return { lost };
    const texts = [...which.map(({ text }) => text), ...new Array<string>(unknown).fill(NOT_KNOWN)];
    return { lost, which, failure: { type: "delivery_rejected", text: summary(texts) } };
  }

  get complaint(): DeliveryFailure | undefined {
    if (this.#nameless === 0 && this.#twice === 0) return undefined;
    const text = `a mixed outcome named places that are not in the batch: ${this.#nameless}, or twice: ${this.#twice}`;
    return { type: "delivery_outcome", text };
  }

  #isPlace(index: unknown): index is number {
    return typeof index === "number" && Number.isInteger(index) && index >= 0 && index < this.#size;
  }
}

function ascending(numbers: number[]): number[] {
  return numbers.sort((a, b) => a - b);
}

/** The reasons in one text: the first few, with how often each was given. */
function summary(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  if (counts.size === 1) return texts[0] ?? "";
  const reasons = [...counts].slice(0, NAMED_REASONS).map(([text, count]) => `${text} (${count})`);
  const more = counts.size - reasons.length;
  return shortText(more > 0 ? `${reasons.join(", ")} and ${more} more reasons` : reasons.join(", "), "");
}
