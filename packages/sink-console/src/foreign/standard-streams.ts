/** What foreign code writes to the standard streams of the process while one of our chunks is in its hands. */

import { type ConsoleStream, countsWhatWaits, type ProcessLike, standardStream } from "../runtime/index.ts";
import type { ForeignCall, ForeignCallEvents, ForeignCalls } from "./foreign-call.ts";
import { type CallWatch, PassedOn } from "./passed-on.ts";
import { type InnerStream, type StreamBypass, StreamTap } from "./stream-tap.ts";

/** Watches over stdout and stderr during calls of foreign code. */
export class StandardStreams implements ForeignCalls {
  readonly #process: ProcessLike | undefined;
  readonly #bypassOf: (stream: ConsoleStream) => StreamBypass | undefined;
  readonly #taps = new WeakMap<ConsoleStream, StreamTap>();
  /** What foreign code has in its hands. */
  readonly #open = new Set<PassedOn>();
  readonly #watch: CallWatch = {
    during: (call, passedOn, called) => this.#during(call, passedOn, called),
    forget: (passedOn) => void this.#open.delete(passedOn),
  };
  #isFinishing = false;

  /** @param bypassOf who writes to a stream's descriptor; without one the stream does, and is watched all the same. */
  constructor(process: ProcessLike | undefined, bypassOf: (stream: ConsoleStream) => StreamBypass | undefined) {
    this.#process = process;
    this.#bypassOf = bypassOf;
  }

  start(chunk: Uint8Array, events: ForeignCallEvents): ForeignCall {
    return new PassedOn(chunk, events, this.#watch);
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

  /** Runs foreign code and tells `passedOn` what it writes to the standard streams, until all of it is out. */
  #during(call: () => void, passedOn: PassedOn, called: ConsoleStream): void {
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
}
