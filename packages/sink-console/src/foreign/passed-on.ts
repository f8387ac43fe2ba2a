import { type ConsoleStream, sameBytes } from "../runtime/index.ts";
import type { ForeignCall, ForeignCallEvents } from "./foreign-call.ts";

/** Who watches the streams. */
export interface CallWatch {
  during(call: () => void, passedOn: PassedOn, called: ConsoleStream): void;
  forget(passedOn: PassedOn): void;
}

/** What one call of foreign code passed on of a chunk to the standard streams. */
export class PassedOn implements ForeignCall {
  readonly #chunk: Uint8Array;
  readonly #events: ForeignCallEvents;
  readonly #watch: CallWatch;
  #isAny = false;
  #waits = 0;
  /** How far the chunk's own bytes were passed on, and how far they are out; what differs ends that. */
  #matched = 0;
  #isChanged = false;
  #out = 0;
  #error: unknown;

  constructor(chunk: Uint8Array, events: ForeignCallEvents, watch: CallWatch) {
    this.#chunk = chunk;
    this.#events = events;
    this.#watch = watch;
  }

  get isAny(): boolean {
    return this.#isAny;
  }

  get isWhole(): boolean {
    return !this.#isChanged && this.#matched === this.#chunk.length;
  }

  get isOut(): boolean {
    return this.#waits === 0;
  }

  get error(): unknown {
    return this.#error;
  }

  run(call: () => void, called: ConsoleStream): void {
    this.#watch.during(call, this, called);
  }

  end(): void {
    this.#watch.forget(this);
  }

  /** Whether these bytes are what comes next of the chunk. */
  continuesWith(bytes: Uint8Array): boolean {
    if (this.#isChanged || bytes.length === 0) return false;
    return sameBytes(this.#chunk.subarray(this.#matched, this.#matched + bytes.length), bytes);
  }

  /** A stream has something of it; `settled` follows. */
  waits(): void {
    this.#isAny = true;
    this.#waits += 1;
  }

  /** These bytes come next. */
  took(bytes: Uint8Array): void {
    this.#isChanged ||= !this.continuesWith(bytes);
    if (!this.#isChanged) this.#matched += bytes.length;
  }

  /** So many more bytes are out. */
  wrote(bytes: number): void {
    this.#out += bytes;
    if (!this.#isChanged && this.#out <= this.#matched) this.#events.written(this.#out);
  }

  delayed(error: unknown): void {
    this.#events.delayed(error);
  }

  settled(error: unknown): void {
    this.#error ??= error;
    this.#waits -= 1;
    if (this.isOut) this.#events.settled();
  }
}
