import type { Clock } from "@dagstack/logger-core";
import type { ChunkFate, Port } from "./port.ts";
import { asBuffer, type ConsoleStream, type DescriptorWriter } from "./runtime.ts";

interface Chunk {
  readonly bytes: Uint8Array;
  /** How much is out. */
  offset: number;
  readonly fate: ChunkFate;
}

/** Why the head of the queue waits. */
type Blocked = "full" | "trouble";

/** The destination is full for the moment: a pipe whose reader is behind. */
const FULL = new Set(["EAGAIN", "EWOULDBLOCK", "EBUSY"]);
/** Trouble that may pass, such as a full disk. Everything else is final for the chunk. */
const PASSING = new Set(["ENOSPC", "EDQUOT", "EIO", "ENOMEM", "ENOBUFS"]);
const MAX_WAIT_MS = { full: 100, trouble: 500 };
/** At process exit: how long a reader may take nothing before the rest is given up, */
const EXIT_PATIENCE_MS = 1000;
/** and how long it may take to get everything. Both hold for all calls together until everything was out. */
const EXIT_LIMIT_MS = 10_000;
const SLEEP_MS = 1;
/** What a pipe takes in one piece, whoever else writes to it (`PIPE_BUF` of Linux). */
const PIPE_BYTES = 4096;
const LINE_FEED = 0x0a;

/**
 * Writes to a standard stream of the process by its descriptor, so that lines are out when the write returns and none
 * are stuck in a stream's queue at exit, as they are in Node when a pipe is full. What a full pipe does not take waits
 * here, a torn line first, and is tried again.
 */
export class DescriptorPort implements Port {
  readonly #stream: ConsoleStream;
  readonly #fd: number;
  readonly #writer: DescriptorWriter;
  readonly #clock: () => Clock;
  readonly #isPipe: boolean;
  readonly #queue: Chunk[] = [];
  readonly #ready = new Set<() => void>();
  #blocked: Blocked | undefined;
  #waitMs = 0;
  #retryScheduled = false;
  /** How long `finishSync` has waited since the reader last took something, and since everything was out. */
  #stalledMs = 0;
  #finishingMs = 0;

  constructor(stream: ConsoleStream, fd: number, writer: DescriptorWriter, clock: () => Clock) {
    this.#stream = stream;
    this.#fd = fd;
    this.#writer = writer;
    this.#clock = clock;
    this.#isPipe = isPipe(writer, fd);
  }

  write(bytes: Uint8Array, fate: ChunkFate): boolean {
    this.#queue.push({ bytes, offset: 0, fate });
    // Not while others wait: the call may come from inside a write of the head.
    if (this.#queue.length === 1) this.#push(false);
    return this.#queue.length === 0;
  }

  onReady(callback: () => void): void {
    this.#ready.add(callback);
  }

  pushSync(maxMs: number): boolean {
    for (let sleptMs = 0; ; sleptMs += this.#sleep()) {
      this.#push(false);
      if (this.#queue.length === 0) return true;
      // Others' text in the stream can leave only when this call is over; trouble does not pass by waiting here.
      if (this.#blocked === "trouble" || this.#hasForeignText() || sleptMs >= maxMs) return false;
    }
  }

  finishSync(): boolean {
    while (this.#queue.length > 0) {
      if (this.#push(true)) continue;
      const isPatient = this.#stalledMs < EXIT_PATIENCE_MS && this.#finishingMs < EXIT_LIMIT_MS;
      if (this.#blocked === "trouble" || !isPatient) return false;
      const ms = this.#sleep();
      this.#stalledMs += ms;
      this.#finishingMs += ms;
    }
    this.#finishingMs = 0;
    return true;
  }

  /** Sleeps a little; how long that took, which on a busy machine may be much longer. */
  #sleep(): number {
    const clock = this.#clock();
    const startMs = clock.monotonicMs();
    this.#writer.sleepSync(SLEEP_MS);
    return Math.max(SLEEP_MS, clock.monotonicMs() - startMs); // a clock of a test may stand still
  }

  /** Writes until all is out or it must wait; whether anything went. */
  #push(isLastChance: boolean): boolean {
    let progressed = false;
    for (let chunk = this.#queue[0]; chunk !== undefined; chunk = this.#queue[0]) {
      if (!isLastChance && this.#hasForeignText()) {
        this.#retryLater("full");
        return progressed;
      }
      try {
        const taken = this.#writeSome(chunk);
        chunk.offset += taken;
        if (taken > 0) {
          progressed = true;
          this.#waitMs = 0;
          this.#stalledMs = 0;
        } else {
          this.#retryLater("full");
          return progressed;
        }
      } catch (error) {
        const code = codeOf(error);
        if (code === "EINTR") continue;
        if (FULL.has(code) || PASSING.has(code)) {
          this.#retryLater(FULL.has(code) ? "full" : "trouble");
          if (PASSING.has(code)) chunk.fate.delayed(error);
          return progressed;
        }
        this.#queue.shift();
        chunk.fate.failed(error);
        continue;
      }
      if (chunk.offset < chunk.bytes.length) continue;
      this.#queue.shift();
      chunk.fate.delivered();
    }
    return progressed;
  }

  #writeSome(chunk: Chunk): number {
    const { bytes, offset } = chunk;
    // Someone replaced `write`, to capture or redirect the stream: their function gets the lines.
    if (offset === 0 && Object.hasOwn(this.#stream, "write")) {
      this.#stream.write(asBuffer(bytes));
      return bytes.length;
    }
    const length = this.#isPipe ? wholeLines(bytes, offset) : bytes.length - offset;
    return this.#writer.writeSync(this.#fd, bytes, offset, length);
  }

  /** Text that others wrote to the stream waits there, perhaps with half a line out: ours must come after it. */
  #hasForeignText(): boolean {
    return (this.#stream.writableLength ?? 0) > 0;
  }

  #retryLater(blocked: Blocked): void {
    this.#blocked = blocked;
    if (this.#retryScheduled) return;
    this.#retryScheduled = true;
    this.#waitMs = Math.min(MAX_WAIT_MS[blocked], Math.max(1, this.#waitMs * 2));
    this.#clock().schedule(() => {
      this.#retryScheduled = false;
      this.#push(false);
      if (this.#queue.length === 0) this.#wake();
    }, this.#waitMs);
  }

  #wake(): void {
    const callbacks = [...this.#ready];
    this.#ready.clear();
    for (const callback of callbacks) callback();
  }
}

function isPipe(writer: DescriptorWriter, fd: number): boolean {
  try {
    return writer.isPipe?.(fd) === true;
  } catch {
    return false; // closed from outside; writing to it will say so, and that is counted
  }
}

/** The bytes of the next whole lines that a pipe takes in one piece; of one line, if that is longer. */
function wholeLines(bytes: Uint8Array, offset: number): number {
  const left = bytes.length - offset;
  if (left <= PIPE_BYTES) return left;
  const last = bytes.lastIndexOf(LINE_FEED, offset + PIPE_BYTES - 1);
  if (last >= offset) return last + 1 - offset;
  const next = bytes.indexOf(LINE_FEED, offset + PIPE_BYTES);
  return next < 0 ? left : next + 1 - offset;
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : "";
}
