import type { Clock } from "@dagstack/logger-core";

/** What work in the background shares the process and the files by. */
export interface BackgroundOptions {
  readonly clock: () => Clock;
  /** Runs an action while no other process rotates, if that can be. */
  readonly alone: (action: () => void) => "done" | "busy" | "impossible";
}

/** Between two pieces, so that other work of the process goes first. */
const TURN_MS = 1;
/** Until a file that others are busy with is asked for again. */
const BUSY_MS = 20;
/** A timer this late will not come any more. */
const LOST_MS = 50;

/** Work done piece by piece, each after a turn of the event loop, which does not hold the process. */
export class Background {
  readonly #options: BackgroundOptions;
  readonly #stop = new AbortController();
  /** What is waited for, and since when it should have come. */
  #waiting: { readonly end: () => void; readonly dueMs: number } | undefined;

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** Aborts when the work is to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  stop(): void {
    this.#stop.abort();
    this.#waiting?.end();
  }

  /** Goes on if a timer did not come: one that was faked never does. */
  nudge(): void {
    const lateMs = this.#options.clock().monotonicMs() - (this.#waiting?.dueMs ?? Number.POSITIVE_INFINITY);
    if (lateMs >= LOST_MS) this.#waiting?.end();
  }

  /**
   * Runs an action as soon as no other process rotates. Answers false when it was not run: the work was stopped, or nothing
   * keeps others away.
   */
  async alone(action: () => void): Promise<boolean> {
    while (!this.isStopped) {
      const outcome = this.#options.alone(action);
      if (outcome !== "busy") return outcome === "done";
      await this.turn(BUSY_MS);
    }
    return false;
  }

  /**
   * Runs a generator to its end, each piece alone and after a turn. `undefined` when it could not be run, or not to its end
   * because `isOver` said so before a piece.
   */
  async inPieces<T>(pieces: Generator<undefined, T, undefined>, isOver = (): boolean => false): Promise<T | undefined> {
    for (;;) {
      let step: IteratorResult<undefined, T> | undefined;
      await this.alone(() => {
        if (!isOver()) step = pieces.next();
      });
      if (step === undefined) return undefined;
      if (step.done === true) return step.value;
      await this.turn();
    }
  }

  /** Waits; no longer than until the work is stopped. */
  turn(ms: number = TURN_MS): Promise<void> {
    if (this.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const clock = this.#options.clock();
      const end = (): void => {
        this.#waiting = undefined;
        timer.cancel();
        resolve();
      };
      this.#waiting = { end, dueMs: clock.monotonicMs() + ms };
      const timer = clock.schedule(end, ms);
    });
  }
}
