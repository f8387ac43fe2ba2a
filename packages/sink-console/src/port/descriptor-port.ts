import type { Clock } from "@dagstack/logger-core";
import type { BypassFate, ChunkFate, ForeignCalls, StreamBypass } from "../foreign/index.ts";
import { ForeignWrite } from "../foreign/index.ts";
import type { ConsoleStream, DescriptorWriter } from "../runtime/index.ts";
import { isPlatforms, lengthOf } from "../runtime/index.ts";
import { type DescriptorChunk, isMidLine, nextPiece } from "./descriptor-chunk.ts";
import { type Destination, destinationOf } from "./destination.ts";
import type { Port } from "./port.ts";
import { writeTrouble } from "./write-errors.ts";

/** Why the head of the queue waits. */
type Blocked = "full" | "trouble";

const MAX_WAIT_MS = { full: 100, trouble: 500 };
/** At process exit: how long a reader may take nothing before the rest is given up, */
const EXIT_PATIENCE_MS = 1000;
/** and how long it may take to get everything. Both hold for all calls together until everything was out. */
const EXIT_LIMIT_MS = 10_000;
const SLEEP_MS = 1;
const LINE_BREAK = Uint8Array.of(0x0a);
const ignore = (): void => {};
/** Of a line break nobody has to hear: what follows it meets the same trouble. */
const SILENT = { written: ignore, delivered: ignore, failed: ignore, delayed: ignore };
/** What a `DescriptorPort` stands on. */
export interface DescriptorPortOptions {
  readonly stream: ConsoleStream;
  readonly fd: number;
  readonly writer: DescriptorWriter;
  readonly clock: () => Clock;
  readonly foreignCalls: ForeignCalls;
  /** The other standard stream and its descriptor: it may lead to the same pipe. */
  readonly other?: { readonly fd: number; readonly stream: () => ConsoleStream | undefined } | undefined;
}

/**
 * Writes to a standard stream of the process by its descriptor, so that lines are out when the write returns and none
 * are stuck in a stream's queue at exit, as they are in Node when a pipe is full. What a full pipe does not take waits
 * here, a torn line first, and is tried again. If somebody put a function in the place of the stream's `write`, that
 * gets the chunks, and what it passes on comes back here.
 */
export class DescriptorPort implements Port, StreamBypass {
  readonly #stream: ConsoleStream;
  readonly #fd: number;
  readonly #writer: DescriptorWriter;
  readonly #clock: () => Clock;
  readonly #isPipe: boolean;
  readonly #destination: Destination;
  readonly #foreignCalls: ForeignCalls;
  readonly #foreign: ForeignWrite;
  readonly #queue: DescriptorChunk<ChunkFate>[] = [];
  /** What foreign code wrote to the stream, while the stream waits for it: it goes before what has not begun. */
  readonly #passedOn: DescriptorChunk[] = [];
  readonly #ready = new Set<() => void>();
  #isPushing = false;
  #hasBrokenLine = false;
  /** Foreign code that has chunks and asked for a pause. */
  #isAwaited = false;
  #blocked: Blocked | undefined;
  #waitMs = 0;
  #retryScheduled = false;
  /** How long `finishSync` has waited since the reader last took something, and since everything was out. */
  #stalledMs = 0;
  #finishingMs = 0;

  constructor(options: DescriptorPortOptions) {
    const { stream, fd, writer, other } = options;
    this.#stream = stream;
    this.#fd = fd;
    this.#writer = writer;
    this.#clock = options.clock;
    this.#isPipe = ask(() => writer.isPipe?.(fd)) === true;
    const identity = this.#isPipe ? ask(() => writer.identity?.(fd)) : undefined;
    this.#destination = destinationOf(identity);
    this.#destination.streams.add(stream);
    if (identity !== undefined && other !== undefined && ask(() => writer.identity?.(other.fd)) === identity) {
      const otherStream = other.stream();
      if (otherStream !== undefined) this.#destination.streams.add(otherStream);
    }
    this.#foreignCalls = options.foreignCalls;
    this.#foreign = new ForeignWrite(stream, options.foreignCalls);
  }

  write(bytes: Uint8Array, fate: ChunkFate): boolean {
    this.#queue.push({ bytes, offset: 0, fate });
    // Not while others wait: the call may come from inside a write of the head, whose caller goes on with this one.
    if (this.#isPushing) this.#retryLater("full");
    else if (this.#queue.length === 1) this.#push(false);
    return this.#isIdle;
  }

  passOn(bytes: Uint8Array, { written, done, delayed }: BypassFate): void {
    const chunk: DescriptorChunk = { bytes, offset: 0, fate: { written, delivered: done, failed: done, delayed } };
    this.#passedOn.push(chunk);
    // Behind a torn line, or more of the same, its turn comes: they wait for a retry.
    if (this.#next(false) === chunk) this.#advance(chunk, false);
  }

  onReady(callback: () => void): void {
    this.#ready.add(callback);
  }

  pushSync(maxMs: number): boolean {
    if (this.#isPushing) return false;
    for (let sleptMs = 0; ; sleptMs += this.#sleep()) {
      this.#push(false);
      if (this.#isIdle) return true;
      // Others' text in the stream can leave only when this call is over; trouble does not pass by waiting here.
      const isHopeless = this.#isAwaited || this.#blocked === "trouble" || this.#hasForeignText();
      if (isHopeless || sleptMs >= maxMs) return false;
    }
  }

  finishSync(): void {
    if (this.#isPushing) return;
    this.#finish();
    this.#foreignCalls.finishSync(); // the stream's function may write to the other one
  }

  #finish(): void {
    while (this.#next(true) !== undefined) {
      if (this.#push(true)) continue;
      const isPatient = this.#stalledMs < EXIT_PATIENCE_MS && this.#finishingMs < EXIT_LIMIT_MS;
      if (this.#blocked === "trouble" || !isPatient) return;
      const ms = this.#sleep();
      this.#stalledMs += ms;
      this.#finishingMs += ms;
    }
    this.#finishingMs = 0;
  }

  /** Whether it makes sense to write more. */
  get #isIdle(): boolean {
    return this.#queue.length === 0 && this.#passedOn.length === 0 && !this.#isAwaited;
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
    this.#isPushing = true;
    for (let chunk = this.#next(isLastChance); chunk !== undefined; chunk = this.#next(isLastChance)) {
      const { offset } = chunk;
      const isDone = this.#advance(chunk, isLastChance);
      progressed ||= isDone || chunk.offset > offset;
      if (!isDone) break;
    }
    this.#isPushing = false;
    return progressed;
  }

  /** What is to be written next: the rest of a torn line, what was passed on, a chunk that has not begun. */
  #next(isLastChance: boolean): DescriptorChunk | undefined {
    const [head] = this.#queue;
    if (head !== undefined && isMidLine(head)) return head;
    const [passedOn] = this.#passedOn;
    return passedOn ?? (this.#isAwaited && !isLastChance ? undefined : head);
  }

  /** Writes what can be written of a chunk; whether that is the end of it, one way or the other. */
  #advance(chunk: DescriptorChunk, isLastChance: boolean): boolean {
    const isOurs = chunk === this.#queue[0];
    if (isOurs && !isLastChance && this.#hasForeignText()) return this.#retryLater("full");
    const { midLine } = this.#destination;
    if (midLine !== undefined && midLine !== this) {
      if (isLastChance) midLine.finishSync();
      if (this.#destination.midLine === midLine) return this.#retryLater("full");
    }
    if (isOurs && chunk.offset === 0 && !isPlatforms(this.#stream)) {
      this.#give(chunk as DescriptorChunk<ChunkFate>);
      return true;
    }
    if (isOurs && this.#breaksLine(chunk)) return true;
    return this.#writeOut(chunk);
  }

  /** Text of others that is stuck at the end will never leave, and half a line of it may be out. */
  #breaksLine({ offset }: DescriptorChunk): boolean {
    const isBehindText = this.#hasForeignText();
    const isNeeded = isBehindText && offset === 0 && !this.#hasBrokenLine;
    this.#hasBrokenLine = isBehindText;
    if (isNeeded) this.#passedOn.push({ bytes: LINE_BREAK, offset: 0, fate: SILENT });
    return isNeeded;
  }

  #writeOut(chunk: DescriptorChunk): boolean {
    const { bytes, fate } = chunk;
    while (chunk.offset < bytes.length) {
      try {
        const length = this.#isPipe ? nextPiece(chunk) : bytes.length - chunk.offset;
        const taken = this.#writer.writeSync(this.#fd, bytes, chunk.offset, length);
        chunk.offset += taken;
        this.#destination.wrote(this, isMidLine(chunk));
        if (taken === 0) return this.#pause(chunk, "full");
        this.#waitMs = 0;
        this.#stalledMs = 0;
      } catch (error) {
        const trouble = writeTrouble(error);
        if (trouble === "again") continue;
        if (trouble === "full") return this.#pause(chunk, "full");
        if (trouble === "trouble") {
          this.#pause(chunk, "trouble");
          fate.delayed(error);
          return false;
        }
        this.#destination.wrote(this, false);
        this.#remove(chunk);
        fate.written(chunk.offset);
        fate.failed(error);
        return true;
      }
    }
    this.#remove(chunk);
    fate.delivered();
    return true;
  }

  /** One of the two is at the front of its queue. */
  #remove(chunk: DescriptorChunk): void {
    if (chunk === this.#queue[0]) this.#queue.shift();
    else this.#passedOn.shift();
  }

  /** Somebody replaced `write`, to capture or redirect the stream: their function gets the lines. */
  #give({ bytes, fate }: DescriptorChunk<ChunkFate>): void {
    this.#queue.shift();
    const takesMore = this.#foreign.give(bytes, fate, () => {
      this.#isAwaited = false;
      if (this.#isPushing) return;
      this.#push(false);
      this.#wakeIfIdle();
    });
    if (!takesMore) this.#isAwaited = true;
  }

  /** Text that others wrote to the stream waits there, perhaps with half a line out: ours must come after it. */
  #hasForeignText(): boolean {
    for (const stream of this.#destination.streams) {
      // While the stream waits for what it passed on, its text goes through us.
      const isOurs = stream === this.#stream && this.#passedOn.length > 0;
      if (!isOurs && lengthOf(stream) > 0) return true;
    }
    return false;
  }

  #pause(chunk: DescriptorChunk, blocked: Blocked): false {
    if (chunk.offset > 0) chunk.fate.written(chunk.offset);
    return this.#retryLater(blocked);
  }

  #retryLater(blocked: Blocked): false {
    this.#blocked = blocked;
    if (this.#retryScheduled) return false;
    this.#retryScheduled = true;
    this.#waitMs = Math.min(MAX_WAIT_MS[blocked], Math.max(1, this.#waitMs * 2));
    this.#clock().schedule(() => {
      this.#retryScheduled = false;
      this.#push(false);
      this.#wakeIfIdle();
    }, this.#waitMs);
    return false;
  }

  #wakeIfIdle(): void {
    if (!this.#isIdle) return;
    const callbacks = [...this.#ready];
    this.#ready.clear();
    for (const callback of callbacks) callback();
  }
}

/** The answer of the system, or nothing where it refuses: writing to the descriptor will say so, and that is counted. */
function ask<T>(question: () => T): T | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}
