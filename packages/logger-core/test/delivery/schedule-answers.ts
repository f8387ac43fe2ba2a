/** What the receiver of a random schedule answers. */
import { DeliveryError, type DeliveryOutcome } from "../../src/delivery/index.ts";
import type { Answer } from "./sink-model.ts";

/** mulberry32: small, seeded, good enough. */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function randomAnswer(random: () => number, size: number): Answer {
  const dice = random();
  if (dice < 0.4) return { is: "delivered" };
  if (dice < 0.6) return { is: "retry", afterMs: undefined };
  if (dice < 0.68) return { is: "retry", afterMs: 5 + Math.floor(random() * 100) };
  if (dice < 0.82) return { is: "rejected", count: Math.floor(random() * (size + 1)) };
  if (dice < 0.87) return { is: "split" };
  if (dice < 0.95) return randomMixed(random, size);
  return { is: dice < 0.97 ? "final" : "garbage" };
}

function randomMixed(random: () => number, size: number): Answer {
  const some = (share: number): number[] =>
    Array.from({ length: size }, (_, index) => index).filter(() => random() < share);
  const nameless = random() < 0.2 ? Math.floor(random() * (size + 1)) : 0;
  const afterMs = random() < 0.2 ? 5 + Math.floor(random() * 100) : undefined;
  return { is: "mixed", retry: some(0.4), rejected: some(0.3), nameless, afterMs };
}

/** The answer as `deliver` gives it. */
export function act(answer: Answer): DeliveryOutcome | undefined {
  switch (answer.is) {
    case "delivered":
      return undefined;
    case "rejected":
      return { status: "rejected", count: answer.count } as const;
    case "mixed": {
      const nameless = Array.from({ length: answer.nameless }, () => -1);
      const rejected = answer.rejected.map((index) => ({ index }));
      return { status: "mixed", retry: [...nameless, ...answer.retry], rejected, afterMs: answer.afterMs };
    }
    case "split":
      return { status: "split" } as const;
    case "final":
      throw new DeliveryError("scripted", { retryable: false });
    case "garbage":
      return { status: 503 } as never;
    case "retry":
      if (answer.afterMs === undefined) throw new Error("scripted");
      return { status: "retry", afterMs: answer.afterMs } as const;
  }
}
