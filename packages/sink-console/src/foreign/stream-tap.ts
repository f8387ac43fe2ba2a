import { type ConsoleStream, encodedText, lengthOf } from "../runtime/index.ts";
import type { PassedOn } from "./passed-on.ts";

/** What becomes of bytes that are passed on. */
export interface BypassFate {
  /** So many of them are out, at the least. */
  written(bytes: number): void;
  /** Called once, at the end: they are out, or lost by the error. */
  done(error?: unknown): void;
  /** Trouble that may pass. */
  delayed(error: unknown): void;
}

/** Takes the bytes of a standard stream in the stream's place. */
export interface StreamBypass {
  passOn(bytes: Uint8Array, fate: BypassFate): void;
  /** Gets out now what can be got out; for process exit. */
  finishSync(): void;
}

type Done = (error?: unknown) => void;
type Text = string | Uint8Array;

interface Piece {
  readonly chunk: Text;
  readonly encoding: string;
}

/** A Node stream seen from below, where its class hands over what was written to it. */
export interface InnerStream extends ConsoleStream {
  _write?(chunk: Text, encoding: string, done: Done): unknown;
  _writev?(pieces: readonly Piece[], done: Done): unknown;
}

/** The native writer that Bun's streams use instead of `_write`, by the name of the symbol that they keep it under. */
const NATIVE_OF_BUN = "kWriteStreamFastPath";

interface NativeWriter {
  /** A promise when the bytes have to wait. */
  write(chunk: Text): unknown;
}

/**
 * A standard stream whose lower end is ours while foreign code runs, and after that until what it wrote is out. So none
 * of it gets into a queue of the runtime, which is lost at exit and says nothing.
 */
export class StreamTap {
  readonly #stream: InnerStream;
  readonly #bypass: StreamBypass | undefined;
  readonly #open: ReadonlySet<PassedOn>;
  /** What stands in the place of `_write`. */
  #write: InnerStream["_write"];
  /** The calls under way: foreign code may log, which brings the next. And how much waited in the stream before. */
  readonly #calls: { readonly passedOn: PassedOn; readonly length: number }[] = [];
  /** Calls of whose text something may still wait. */
  readonly #waiting = new Set<PassedOn>();
  #taken = 0;
  #listens = false;
  #removeNative: (() => void) | undefined;
  #remove: (() => void) | undefined;

  /** @param open what foreign code has in its hands. */
  constructor(stream: InnerStream, bypass: StreamBypass | undefined, open: ReadonlySet<PassedOn>) {
    this.#stream = stream;
    this.#bypass = bypass;
    this.#open = open;
  }

  /** Whether a property of an object, such as a proxy of the stream, is what was put there. */
  isIn(stream: ConsoleStream): boolean {
    return this.#remove !== undefined && Object.getOwnPropertyDescriptor(stream, "_write")?.value === this.#write;
  }

  enter(passedOn: PassedOn): void {
    this.#calls.push({ passedOn, length: this.#length });
    try {
      this.#remove ??= this.#install();
      this.#removeNative ??= this.#installNative();
    } catch {
      // a frozen stream: what is passed on goes its own way, and the callback has to tell
    }
  }

  leave(): void {
    const call = this.#calls.pop();
    // What had to queue up behind text of others will come to us later.
    if (call !== undefined && this.#length > call.length) this.#wait(call.passedOn);
    if (this.#calls.length > 0) return;
    this.#removeNative?.();
    this.#removeNative = undefined;
    this.#settle();
  }

  finishSync(): void {
    this.#bypass?.finishSync();
  }

  get #length(): number {
    return lengthOf(this.#stream);
  }

  #install(): () => void {
    const stream = this.#stream;
    const { _write: write, _writev: writev } = stream;
    if (write === undefined) return () => {};
    this.#write = (chunk, encoding, done) =>
      this.#take([{ chunk, encoding }], done, (finish) => write.call(stream, chunk, encoding, finish));
    const removals = [replace(stream, "_write", this.#write)];
    if (typeof writev === "function") {
      const takeAll = (pieces: readonly Piece[], done: Done): void =>
        this.#take(pieces, done, (finish) => writev.call(stream, pieces, finish));
      removals.push(replace(stream, "_writev", takeAll));
    }
    return () => {
      for (const remove of removals) remove();
    };
  }

  #installNative(): () => void {
    const stream = this.#stream as unknown as Record<symbol, unknown>;
    const key = Object.getOwnPropertySymbols(stream).find(({ description }) => description === NATIVE_OF_BUN);
    const native = key === undefined ? undefined : (stream[key] as Partial<NativeWriter> | undefined);
    if (key === undefined || typeof native?.write !== "function") return () => {};
    const write = (chunk: Text): unknown => {
      let isOut = false;
      const out = new Promise<void>((resolve, reject) => {
        const done: Done = (error) => {
          isOut = error === undefined;
          if (isOut) resolve();
          else reject(error);
        };
        this.#take([{ chunk, encoding: "utf8" }], done, (finish) =>
          settleNative((native as NativeWriter).write(chunk), finish),
        );
      });
      return isOut ? chunk.length : out;
    };
    return replace(stream, key, { write });
  }

  #take(pieces: readonly Piece[], done: Done, genuine: (finish: Done) => void): void {
    if (!this.#listens) this.#stream.on?.("error", () => {}); // an error is counted where the piece ends
    this.#listens = true;
    this.#taken += 1;
    const bytes = bytesOf(pieces);
    const owner = this.#ownerOf(bytes);
    if (owner !== undefined) this.#wait(owner);
    owner?.took(bytes);
    let written = 0;
    const wrote = (upTo: number): void => {
      owner?.wrote(upTo - written);
      written = upTo;
    };
    const finish: Done = (error) => {
      if (error === undefined || error === null) wrote(bytes.length);
      done(error); // which brings what waits in the stream, if anything does
      this.#taken -= 1;
      this.#settle(error ?? undefined);
    };
    if (this.#bypass === undefined) genuine(finish);
    else this.#bypass.passOn(bytes, { written: wrote, done: finish, delayed: (error) => owner?.delayed(error) });
  }

  /** Of what comes after the call: a chunk that foreign code kept, or what had to queue up during the call. */
  #ownerOf(bytes: Uint8Array): PassedOn | undefined {
    const call = this.#calls.at(-1);
    if (call !== undefined) return call.passedOn;
    for (const passedOn of this.#open) if (passedOn.continuesWith(bytes)) return passedOn;
    return this.#waiting.values().next().value;
  }

  #wait(passedOn: PassedOn): void {
    if (this.#waiting.has(passedOn)) return;
    this.#waiting.add(passedOn);
    passedOn.waits();
  }

  /** An error costs all that waits: the stream takes no more. */
  #settle(error?: unknown): void {
    if (error === undefined && (this.#taken > 0 || this.#length > 0)) return;
    const settled = [...this.#waiting];
    this.#waiting.clear();
    for (const passedOn of settled) passedOn.settled(error);
    if (this.#calls.length > 0 || this.#waiting.size > 0) return;
    this.#remove?.();
    this.#remove = undefined;
  }
}

function settleNative(answer: unknown, finish: Done): void {
  if (answer instanceof Promise) answer.then(() => finish(), finish);
  else finish();
}

function bytesOf(pieces: readonly Piece[]): Uint8Array {
  const all = pieces.map(({ chunk, encoding }) => (typeof chunk === "string" ? encodedText(chunk, encoding) : chunk));
  if (all.length === 1 && all[0] !== undefined) return all[0];
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of all) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Puts a property of its own onto an object; the answer undoes that, unless somebody else put another there. */
function replace(target: object, key: PropertyKey, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, {
    value,
    writable: true,
    configurable: true,
    enumerable: before?.enumerable ?? false,
  });
  return () => {
    if (Object.getOwnPropertyDescriptor(target, key)?.value !== value) return;
    if (before === undefined) Reflect.deleteProperty(target, key);
    else Object.defineProperty(target, key, before);
  };
}
