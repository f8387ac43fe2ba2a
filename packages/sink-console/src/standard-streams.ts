/** What foreign code writes to the standard streams of the process while one of our chunks is in its hands. */
import type { PassedOn } from "./passed-on.ts";
import { type ConsoleStream, type ProcessLike, standardStream } from "./runtime.ts";
import { type InnerStream, type StreamBypass, StreamTap } from "./stream-tap.ts";
import { countsWhatWaits } from "./write-function.ts";

/** Watches over stdout and stderr during calls of foreign code. */
export class StandardStreams {
  readonly #process: ProcessLike | undefined;
  readonly #bypassOf: (stream: ConsoleStream) => StreamBypass | undefined;
  readonly #taps = new WeakMap<ConsoleStream, StreamTap>();
  /** What foreign code has in its hands. */
  readonly #open = new Set<PassedOn>();
  #isFinishing = false;

  /** @param bypassOf who writes to a stream's descriptor; without one the stream does, and is watched all the same. */
  constructor(process: ProcessLike | undefined, bypassOf: (stream: ConsoleStream) => StreamBypass | undefined) {
    this.#process = process;
    this.#bypassOf = bypassOf;
  }

  /**
   * Runs foreign code and tells `passedOn` what it writes to the standard streams, until all of it is out.
   *
   * @param called the stream whose `write` is called: if that was replaced, what gets past it is watched too.
   */
  during(call: () => void, passedOn: PassedOn, called: ConsoleStream): void {
    const taps = new Set<StreamTap>();
    const enter = (stream: ConsoleStream | undefined): void => {
      // A proxy of a stream that is watched already would be the same stream again.
      if (stream === undefined || [...taps].some((tap) => tap.isIn(stream))) return;
      const tap = this.#tapOf(stream);
      taps.add(tap);
      tap.enter(passedOn);
    };
    enter(standardStream(this.#process, "stdout"));
    enter(standardStream(this.#process, "stderr"));
    if (!countsWhatWaits(called)) enter(called);
    this.#open.add(passedOn);
    try {
      call();
    } finally {
      for (const tap of taps) tap.leave();
    }
  }

  /** Nothing more of a chunk is waited for. */
  forget(passedOn: PassedOn): void {
    this.#open.delete(passedOn);
  }

  /** Gets out now what was passed on; for process exit. */
  finishSync(): void {
    if (this.#isFinishing) return;
    this.#isFinishing = true;
    for (const name of ["stdout", "stderr"] as const) {
      const stream = standardStream(this.#process, name);
      if (stream !== undefined) this.#taps.get(stream)?.finishSync();
    }
    this.#isFinishing = false;
  }

  #tapOf(stream: ConsoleStream): StreamTap {
    let tap = this.#taps.get(stream);
    if (tap === undefined) {
      tap = new StreamTap(stream as InnerStream, this.#bypassOf(stream), this.#open);
      this.#taps.set(stream, tap);
    }
    return tap;
  }
}
