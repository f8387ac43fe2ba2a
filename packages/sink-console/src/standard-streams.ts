/** What foreign code writes to the standard streams of the process while one of our chunks is in its hands. */
import type { PassedOn } from "./passed-on.ts";
import { type ConsoleStream, type ProcessLike, standardStream } from "./runtime.ts";
import { type InnerStream, type StreamBypass, StreamTap } from "./stream-tap.ts";

/** Watches over stdout and stderr during calls of foreign code. */
export class StandardStreams {
  readonly #process: ProcessLike | undefined;
  readonly #bypassOf: (stream: ConsoleStream) => StreamBypass | undefined;
  readonly #taps = new WeakMap<ConsoleStream, StreamTap>();

  /** @param bypassOf who writes to a stream's descriptor; without one the stream does, and is watched all the same. */
  constructor(process: ProcessLike | undefined, bypassOf: (stream: ConsoleStream) => StreamBypass | undefined) {
    this.#process = process;
    this.#bypassOf = bypassOf;
  }

  /** Runs foreign code and tells `passedOn` what it writes to the standard streams, until all of it is out. */
  during(call: () => void, passedOn: PassedOn): void {
    const taps = [this.#tap("stdout"), this.#tap("stderr")];
    for (const tap of taps) tap?.enter(passedOn);
    try {
      call();
    } finally {
      for (const tap of taps) tap?.leave();
    }
  }

  #tap(name: "stdout" | "stderr"): StreamTap | undefined {
    const stream = standardStream(this.#process, name);
    if (stream === undefined) return undefined;
    let tap = this.#taps.get(stream);
    if (tap === undefined) {
      tap = new StreamTap(stream as InnerStream, this.#bypassOf(stream));
      this.#taps.set(stream, tap);
    }
    return tap;
  }
}
