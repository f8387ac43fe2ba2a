import { type SinkAccount, type Timer, Waiters } from "@dagstack/logger-core";
import { LineChunk } from "./line-chunk.ts";
import type { Port } from "./port/index.ts";

/** Lines gather up to this many bytes before they are written, unless the turn of the event loop ends first. */
const CHUNK_BYTES = 65_536;
/** How long `emit` may be held at a time by a destination that is behind, and in all per burst (design §13). */
const HOLD_MS = 100;
const HOLD_PER_BURST_MS = 1000;
/** After a failed write nothing is written for this long. */
const FAILURE_PAUSE_MS = 1000;

/** A chunk that the port has: lines `first` to `first + count - 1` are not settled. */
interface Flight {
  readonly chunk: LineChunk;
  first: number;
  count: number;
}

export interface LineOutputOptions {
  readonly port: Port;
  readonly account: SinkAccount;
  /** Write each line at once, as to a terminal. */
  readonly immediate: boolean;
  readonly maxBufferBytes: number;
}

/**
 * Gathers lines into chunks, hands them to a port and keeps count of every line (design §5). While the port does not
 * take more, at most `maxBufferBytes` wait; then the oldest lines are dropped. After a failed write everything that
 * waits is lost, and for a second everything that comes, so that a destination that is gone costs next to nothing.
 */
export class LineOutput {
  readonly #port: Port;
  readonly #account: SinkAccount;
  readonly #immediate: boolean;
  readonly #maxBufferBytes: number;
  readonly #waiters = new Waiters();
  readonly #flights = new Set<Flight>();
  /** The lines that wait: numbered without gaps up to the newest. */
  #chunks: LineChunk[] = [];
  /** One whose lines were all dropped: a burst onto a stalled pipe makes no garbage of whole chunks. */
  #spare: LineChunk | undefined;
  #waitingLines = 0;
  #waitingBytes = 0;
  #nextNumber = 0;
  #isBusy = false;
  #isWriting = false;
  #turnEnd: Timer | undefined;
  #heldMs = 0;
  #retryAt: number | undefined;
  #delayReportedAt: number | undefined;

  constructor(options: LineOutputOptions) {
    this.#port = options.port;
    this.#account = options.account;
    this.#immediate = options.immediate;
    this.#maxBufferBytes = options.maxBufferBytes;
  }

  /** Whether a write of this output is on the call stack: a line added now comes from the stream itself. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  /** The number of the newest line. */
  get newest(): number {
    return this.#nextNumber - 1;
  }

  /** Takes a line in: copies it and sees to it that it is written, or counts it as lost. */
  add(line: Uint8Array): void {
    if (this.#isPausing()) {
      this.#account.refuse("sink_error");
      return;
    }
    this.#gather(line);
    if (this.#immediate || this.#waitingBytes >= Math.min(CHUNK_BYTES, this.#maxBufferBytes)) this.#pump();
    if (this.#waitingBytes > this.#maxBufferBytes) this.#makeRoom();
    if (this.#waitingLines > 0 && !this.#isBusy)
      this.#turnEnd ??= this.#account.clock.schedule(() => this.#endTurn(), 0);
  }

  /** Writes what waits, now, if the port takes it. */
  push(): void {
    this.#pump();
  }

  /** Hands everything that waits to the port, whether it asked to wait or not, and gets it out if that can be done. */
  pushAllSync(): void {
    if (this.#isWriting) return;
    for (let chunk = this.#chunks.shift(); chunk !== undefined; chunk = this.#chunks.shift()) this.#write(chunk);
    this.#port.finishSync();
  }

  /** Resolves when every line up to a number is delivered or lost. */
  settled(upTo: number): Promise<void> {
    return this.#waiters.until(upTo, this.#oldestUnsettled());
  }

  /** How many lines up to a number are neither. */
  unsettled(upTo: number): number {
    const upToNumber = (first: number, count: number): number => Math.min(count, Math.max(0, upTo + 1 - first));
    let lines = upToNumber(this.#firstWaiting(), this.#waitingLines);
    for (const { first, count } of this.#flights) lines += upToNumber(first, count);
    return lines;
  }

  /** Gives everything up that is not settled, written or not. What the port calls back later changes nothing. */
  abandon(): void {
    let left = 0;
    for (const { count } of this.#flights) left += count;
    this.#flights.clear();
    this.#account.drop(left + this.#forgetWaiting(), "closed");
    this.#wake();
  }

  #gather(line: Uint8Array): void {
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.byteLength + line.length >= CHUNK_BYTES) {
      if (chunk !== undefined) this.#pump();
      chunk = this.#spare ?? new LineChunk(chunk === undefined ? undefined : CHUNK_BYTES);
      this.#spare = undefined;
      this.#chunks.push(chunk);
    }
    chunk.add(line);
    this.#nextNumber += 1;
    this.#waitingLines += 1;
    this.#waitingBytes += line.length + 1;
  }

  #endTurn(): void {
    this.#turnEnd = undefined;
    this.#pump();
  }

  #pump(): void {
    while (!this.#isBusy) {
      const chunk = this.#chunks.shift();
      if (chunk === undefined) return;
      this.#write(chunk);
    }
  }

  #write(chunk: LineChunk): void {
    const flight: Flight = { chunk, first: this.#firstWaiting(), count: chunk.lineCount };
    this.#waitingLines -= chunk.lineCount;
    this.#waitingBytes -= chunk.byteLength;
    this.#flights.add(flight);
    let takesMore = false;
    this.#guard(() => {
      takesMore = this.#port.write(chunk.bytes(), {
        written: (bytes) => this.#deliverWithin(flight, bytes),
        delivered: () => this.#deliver(flight),
        failed: (error) => this.#fail(flight, error),
        delayed: (error) => this.#reportDelay(error),
        guard: (call) => this.#guard(call),
      });
    });
    if (takesMore || this.#isBusy) return;
    this.#isBusy = true;
    this.#port.onReady(() => {
      this.#isBusy = false;
      this.#heldMs = 0;
      this.#pump();
    });
  }

  #guard(call: () => void): void {
    const before = this.#isWriting;
    this.#isWriting = true;
    try {
      call();
    } finally {
      this.#isWriting = before;
    }
  }

  /** Part of a chunk is out, which may be all that ever is. */
  #deliverWithin(flight: Flight, bytes: number): void {
    if (!this.#flights.has(flight)) return;
    const lines = flight.count - (flight.chunk.lineCount - flight.chunk.linesWithin(bytes));
    if (lines <= 0) return;
    flight.first += lines;
    flight.count -= lines;
    this.#account.deliver(lines);
    this.#wake();
  }

  #deliver(flight: Flight): void {
    if (!this.#flights.delete(flight)) return;
    this.#account.deliver(flight.count);
    this.#wake();
  }

  #fail(flight: Flight, error: unknown): void {
    if (!this.#flights.delete(flight)) return;
    const isFirst = this.#retryAt === undefined;
    this.#retryAt = this.#account.clock.monotonicMs() + FAILURE_PAUSE_MS;
    // A stream that failed may never say that it is ready again.
    this.#isBusy = false;
    this.#account.drop(flight.count + this.#forgetWaiting(), "sink_error");
    if (isFirst) this.#account.error(error);
    this.#wake();
  }

  #isPausing(): boolean {
    if (this.#retryAt === undefined) return false;
    if (this.#account.clock.monotonicMs() < this.#retryAt) return true;
    this.#retryAt = undefined;
    return false;
  }

  #reportDelay(error: unknown): void {
    const now = this.#account.clock.monotonicMs();
    if (this.#delayReportedAt !== undefined && now - this.#delayReportedAt < FAILURE_PAUSE_MS) return;
    this.#delayReportedAt = now;
    this.#account.error(error);
  }

  /** Waits a little for a destination that is behind, rather than lose lines; then drops the oldest. */
  #makeRoom(): void {
    let holdMs = Math.min(HOLD_MS, HOLD_PER_BURST_MS - this.#heldMs);
    while (this.#waitingBytes > this.#maxBufferBytes) {
      if (this.#isBusy && holdMs > 0) {
        const { clock } = this.#account;
        const startMs = clock.monotonicMs();
        const hasRoom = this.#port.pushSync(holdMs);
        const heldMs = clock.monotonicMs() - startMs;
        this.#heldMs += heldMs;
        holdMs = hasRoom ? holdMs - heldMs : 0;
        const chunk = hasRoom ? this.#chunks.shift() : undefined;
        if (chunk !== undefined) {
          this.#write(chunk);
          continue;
        }
      }
      this.#dropOldest();
    }
  }

  #dropOldest(): void {
    const chunk = this.#chunks[0];
    if (chunk === undefined) return;
    const before = chunk.byteLength;
    chunk.dropOldest();
    this.#waitingBytes -= before - chunk.byteLength;
    this.#waitingLines -= 1;
    if (chunk.lineCount === 0) {
      this.#chunks.shift();
      if (chunk.capacity <= CHUNK_BYTES) {
        chunk.reset();
        this.#spare = chunk;
      }
    }
    this.#account.drop(1, "buffer_overflow");
    this.#wake();
  }

  #forgetWaiting(): number {
    const lines = this.#waitingLines;
    this.#chunks = [];
    this.#waitingLines = 0;
    this.#waitingBytes = 0;
    return lines;
  }

  #firstWaiting(): number {
    return this.#nextNumber - this.#waitingLines;
  }

  #oldestUnsettled(): number {
    const [oldest] = this.#flights;
    return oldest?.first ?? this.#firstWaiting();
  }

  #wake(): void {
    this.#waiters.settled(() => this.#oldestUnsettled());
  }
}
