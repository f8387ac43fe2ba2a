import { captureAsyncContext, type RunInContext } from "@dagstack/logger-core";
import {
  asBuffer,
  type ConsoleStream,
  countsWhatWaits,
  isPlatforms,
  lengthOf,
  takesCallback,
} from "../runtime/index.ts";
import type { ChunkFate } from "./chunk-fate.ts";
import type { ForeignCall, ForeignCalls } from "./foreign-call.ts";

const decoder = new TextDecoder();

/**
 * Gives chunks to a `write` of which nothing is known: that of any object, or one that was put in the place of a
 * stream's own to capture, change or redirect it. What it passed on to a standard stream has to be out; else its callback
 * has to come, or its promise to resolve; only a function that can do neither is done when it returns.
 */
export class ForeignWrite {
  readonly #stream: ConsoleStream;
  readonly #calls: ForeignCalls;
  /** Not as the user, and in the trace, of whichever record came first: in the context in which the sink was made. */
  readonly #inContext: RunInContext = captureAsyncContext();
  /** The function that was called last, and whether it takes a callback. */
  #write: ConsoleStream["write"] | undefined;
  #takesCallback = false;

  constructor(stream: ConsoleStream, calls: ForeignCalls) {
    this.#stream = stream;
    this.#calls = calls;
  }

  /**
   * @param settled called when the fate is decided, unless that is so at return.
   * @returns whether it makes sense to give it more now.
   */
  give(bytes: Uint8Array, fate: ChunkFate, settled: () => void): boolean {
    const stream = this.#stream;
    const outcome = new Outcome(bytes, fate, this.#calls, countsWhatWaits(stream), settled);
    let hasCallback = false;
    let answer: unknown;
    const call = (): void => {
      try {
        const isNodeStream = typeof stream.on === "function";
        const chunk = isNodeStream ? asBuffer(bytes) : decoder.decode(bytes);
        hasCallback = this.#hasCallback(stream.write, isNodeStream);
        answer = hasCallback ? stream.write(chunk, (error) => outcome.calledBack(error)) : stream.write(chunk);
      } catch (error) {
        outcome.threw(error);
      }
    };
    fate.guard(() => {
      if (isPlatforms(stream)) call();
      else this.#inContext(() => outcome.call.run(call, stream));
    });
    outcome.returned(answer, hasCallback);
    if (answer === false && lengthOf(stream) > 0) return false;
    return outcome.isSettled || (answer !== false && !outcome.call.isAny);
  }

  #hasCallback(write: ConsoleStream["write"], isNodeStream: boolean): boolean {
    if (write !== this.#write) this.#takesCallback = isNodeStream ? takesCallback(write) : write.length >= 2;
    this.#write = write;
    return this.#takesCallback;
  }
}

/** What is known of one call, until its fate is decided. */
class Outcome {
  readonly call: ForeignCall;
  readonly #fate: ChunkFate;
  readonly #callsBack: boolean;
  readonly #settled: () => void;
  #isSettled = false;
  #hasReturned = false;
  #isDone = false;
  #error: unknown;

  /** @param callsBack whether the stream can be relied on to call back. */
  constructor(chunk: Uint8Array, fate: ChunkFate, calls: ForeignCalls, callsBack: boolean, settled: () => void) {
    this.#fate = fate;
    this.#callsBack = callsBack;
    this.#settled = settled;
    this.call = calls.start(chunk, {
      written: (bytes) => fate.written(bytes),
      delayed: (error) => fate.delayed(error),
      settled: () => this.#decide(),
    });
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  calledBack(error: unknown): void {
    if (this.#isDone) return; // the first time counts
    this.#isDone = true;
    this.#error = error ?? undefined;
    this.#decide();
  }

  threw(error: unknown): void {
    this.calledBack(error ?? new Error("write failed and does not say why"));
  }

  returned(answer: unknown, hasCallback: boolean): void {
    this.#hasReturned = true;
    const then = thenOf(answer);
    if (then !== undefined) {
      // Beside a callback a promise says that the call is over, no more, unless it rejects.
      new Promise((resolve, reject) => then.call(answer, resolve, reject)).then(
        () => (hasCallback ? undefined : this.calledBack(undefined)),
        (error: unknown) => this.threw(error),
      );
    } else if (!hasCallback) {
      this.#isDone = true;
    }
    this.#decide(true);
  }

  /** What went to a standard stream is out when that is so, whatever is said of it before or never. */
  #decide(isAtReturn = false): void {
    if (this.#isSettled || !this.#hasReturned) return;
    const { isAny, isWhole, isOut, error } = this.call;
    const isPassedOn = isWhole || (isAny && !this.#callsBack);
    if (isPassedOn ? !isOut : !this.#isDone) return;
    const failure = isPassedOn ? error : this.#error;
    this.#isSettled = true;
    if (failure === undefined) {
      if (this.#error !== undefined) this.#fate.delayed(this.#error); // it failed in something else
      this.#fate.delivered();
    } else {
      this.#fate.failed(failure);
    }
    this.call.end();
    if (!isAtReturn) this.#settled();
  }
}

function thenOf(answer: unknown): PromiseLike<unknown>["then"] | undefined {
  try {
    if (typeof answer !== "object" || answer === null) return undefined;
    const { then } = answer as Partial<PromiseLike<unknown>>;
    return typeof then === "function" ? then : undefined;
  } catch {
    return undefined; // an answer that cannot be read says nothing
  }
}
