import { sameBytes } from "./runtime.ts";

/** What one call of foreign code passed on of a chunk to the standard streams. */
export class PassedOn {
  readonly #chunk: Uint8Array;
  readonly #events: PassedOnEvents;
  #isAny = false;
  #waits = 0;
  /** How far the chunk's own bytes were passed on, and how far they are out; what differs ends that. */
  #matched = 0;
  #isChanged = false;
  #out = 0;
  #error: unknown;

  constructor(chunk: Uint8Array, events: PassedOnEvents) {
    this.#chunk = chunk;
    this.#events = events;
  }

  /** Whether a standard stream took anything. */
  get isAny(): boolean {
    return this.#isAny;
  }

  /** Whether it was the chunk, as it is. */
  get isWhole(): boolean {
    return !this.#isChanged && this.#matched === this.#chunk.length;
  }

  get isOut(): boolean {
    return this.#waits === 0;
  }

  /** Why some of it is lost. */
  get error(): unknown {
    return this.#error;
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

export interface PassedOnEvents {
  /** So many bytes of the chunk are out. */
  written(bytes: number): void;
  /** Trouble that may pass. */
  delayed(error: unknown): void;
  /** All that the streams had so far is out, or lost. */
  settled(): void;
}
