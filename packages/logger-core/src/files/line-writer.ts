import { type SinkAccount, Waiters } from "../accounting/index.ts";
import type { Clock, Timer } from "../sink/index.ts";
import { LineBuffer } from "./line-buffer.ts";
import { DestinationBusy, type LineDestination } from "./line-destination.ts";

/** What a writer is made from. */
export interface LineWriterOptions {
  readonly destination: LineDestination;
  readonly bufferBytes: number;
  readonly maxBufferBytes: number;
  /** Write each line before `append` returns. */
  readonly sync: boolean;
  readonly clock: () => Clock;
  /** Hears what becomes of the lines. */
  readonly account: SinkAccount;
  /** Told why the destination refuses, at each failed try until it answers that it passed the news on. */
  readonly onRefused: (error: unknown) => boolean;
}

interface Refusal {
  readonly error: unknown;
  readonly isReported: boolean;
  readonly isBusy: boolean;
  readonly sinceMs: number;
}

const FIRST_RETRY_MS = 50;
/** Below a second, so that writing goes on within a second of the destination's recovery (§8.8 of the design). */
const LAST_RETRY_MS = 800;
/** While somebody else writes, which is a matter of milliseconds. */
const BUSY_RETRY_MS = 5;
/** Somebody else who writes for this long is a failure after all. */
const BUSY_REPORT_MS = 1_000;
/** With a full buffer each line asks for one more try before the oldest is dropped, but no more often than this. */
const FULL_RETRY_MS = 10;
/**
 * A timer this late will not come any more: it was a fake one, or the event loop is blocked. Looked at with each of the first
 * lines that wait for it, then once in a while, since asking the clock costs as much as copying a line.
 */
const LOST_MS = 200;
const LOOKS_AT_EACH = 8;
const LINES_BETWEEN_LOOKS = 32;

/**
 * Gathers lines and writes them in order: at once when the buffer is full, otherwise at the next turn of the event
 * loop. While the destination refuses, lines wait up to `maxBufferBytes`, then the oldest are dropped and counted
 * (§7.1). Never throws. Knows nothing of files.
 */
export class LineWriter {
  readonly #options: LineWriterOptions;
  readonly #destination: LineDestination;
  readonly #buffer: LineBuffer;
  readonly #sync: boolean;
  readonly #waiters = new Waiters();
  #timer: Timer | undefined;
  #timerDueMs = 0;
  /** Lines until the timer is looked at, and how often that was. */
  #linesToLook = 0;
  #looks = 0;
  #draining = false;
  #reopenAsked = false;
  #refusal: Refusal | undefined;
  #retryMs = FIRST_RETRY_MS;
  #lastTryMs = 0;
  #nextUrgentMs = Number.NEGATIVE_INFINITY;

  constructor(options: LineWriterOptions) {
    this.#options = options;
    this.#destination = options.destination;
    this.#sync = options.sync;
    this.#buffer = new LineBuffer(options.bufferBytes);
  }

  get pendingLines(): number {
    return this.#buffer.pendingLines;
  }

  /** Lines ever taken in. */
  get appended(): number {
    return this.#buffer.appended;
  }

  /** One more than the number of the last line that was written. */
  get deliveredEnd(): number {
    return this.#buffer.deliveredEnd;
  }

  /** Bytes of an unfinished line that are written. */
  get begunBytes(): number {
    return this.#buffer.begunBytes;
  }

  /** Why lines wait, if they do because the destination refused. */
  get refusal(): { readonly error: unknown } | undefined {
    return this.#refusal;
  }

  /** Copies the line, adds LF, and sees to it that it is written. */
  append(line: Uint8Array): void {
    if (this.#refusal !== undefined) {
      this.#appendWhileRefused(line);
      return;
    }
    if (!this.#buffer.append(line)) {
      this.drain();
      if (this.#refusal !== undefined) {
        this.#appendWhileRefused(line);
        return;
      }
      if (!this.#buffer.append(line)) this.#buffer.appendChunk(line);
      if (line.length >= this.#options.bufferBytes) this.drain();
    }
    if (this.#sync) this.drain();
    else if (this.#timer === undefined) this.#arm(0);
    else if (--this.#linesToLook <= 0 && this.#timerIsLost()) this.drain();
  }

  /** Writes what the destination takes, now. With nothing waiting there is no refusal either: the next line finds out. */
  drain(isUrgent: boolean = this.#sync): void {
    const buffer = this.#buffer;
    if (this.#draining) return;
    this.#draining = true;
    try {
      if (buffer.pendingLines > 0) this.#writeAll(isUrgent);
      this.#recovered();
    } catch (error) {
      this.#refused(error);
    } finally {
      this.#draining = false;
    }
    this.#settleWaiters();
    if (this.#reopenAsked) {
      this.#reopenAsked = false;
      this.reopen();
    }
  }

  /** Writes what is waiting, then has the destination open itself anew. */
  reopen(): void {
    this.drain();
    if (this.#draining) {
      this.#reopenAsked = true; // called from within a write: afterwards
      return;
    }
    try {
      if (this.#destination.reopen(this.#buffer.begunBytes)) this.#buffer.restartLine();
    } catch (error) {
      this.#refused(error);
    }
    this.drain();
  }

  /** Resolves when the first `lines` lines ever appended are written or dropped. */
  settled(lines: number): Promise<void> {
    return this.#waiters.until(lines - 1, this.#buffer.oldestUnsettled);
  }

  /** How many of the first `lines` lines ever appended are neither. */
  waitingBefore(lines: number): number {
    return this.#buffer.waitingBefore(lines);
  }

  /** Gives up: stops trying and counts what is waiting as `closed`. */
  abandon(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#options.account.drop(this.#buffer.clear(), "closed");
    this.#settleWaiters();
  }

  #arm(delayMs: number): void {
    const clock = this.#options.clock();
    this.#timer?.cancel();
    this.#timerDueMs = clock.monotonicMs() + delayMs;
    this.#linesToLook = 1;
    this.#looks = 0;
    this.#timer = clock.schedule(this.#onTimer, delayMs);
  }

  /** Whether the timer can be waited for no longer; a clock that runs backwards has been replaced, and its timers with it. */
  #timerIsLost(): boolean {
    this.#linesToLook = ++this.#looks < LOOKS_AT_EACH ? 1 : LINES_BETWEEN_LOOKS;
    const lateMs = this.#options.clock().monotonicMs() - this.#timerDueMs;
    if (lateMs < LOST_MS && lateMs > -LAST_RETRY_MS - LOST_MS) return false;
    this.#timer?.cancel();
    this.#timer = undefined; // what is refused now sets another
    return true;
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.drain();
  };

  #writeAll(isUrgent: boolean): void {
    const buffer = this.#buffer;
    this.#destination.begin(isUrgent);
    try {
      while (buffer.pendingLines > 0) this.#writeRun();
    } finally {
      if (this.#destination.end(buffer.begunBytes)) buffer.restartLine();
    }
  }

  #writeRun(): void {
    const buffer = this.#buffer;
    const destination = this.#destination;
    if (destination.prepare(buffer.nextLineBytes, buffer.begunBytes)) buffer.restartLine();
    const length = buffer.runWithin(destination.room());
    const written = destination.write(buffer.headBytes, buffer.headOffset, length);
    if (!(written > 0)) throw Object.assign(new Error("nothing was written"), { code: "EAGAIN" });
    this.#retryMs = FIRST_RETRY_MS;
    const completed = buffer.advance(written);
    if (completed > 0) this.#options.account.deliver(completed);
  }

  #recovered(): void {
    this.#refusal = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #refused(error: unknown): void {
    const before = this.#refusal;
    const clock = this.#options.clock();
    const nowMs = clock.monotonicMs();
    const isBusy = error instanceof DestinationBusy;
    const isSame = before?.isBusy === isBusy;
    this.#lastTryMs = nowMs;
    if (before === undefined || this.#timer === undefined) {
      this.#arm(isBusy ? BUSY_RETRY_MS : this.#retryMs);
      if (!isBusy) this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    }
    const refusal = {
      error,
      isBusy,
      isReported: before?.isReported === true,
      sinceMs: isSame ? before.sinceMs : nowMs,
    };
    this.#refusal = refusal;
    // One report per outage.
    if (!refusal.isReported && (!isBusy || nowMs - refusal.sinceMs >= BUSY_REPORT_MS)) {
      this.#refusal = { ...refusal, isReported: this.#options.onRefused(error) };
    }
    this.#makeRoom(0);
  }

  #appendWhileRefused(line: Uint8Array): void {
    const need = line.length + 1;
    const { maxBufferBytes, clock } = this.#options;
    const isFull = this.#buffer.pendingBytes + need > maxBufferBytes;
    const isBusy = this.#refusal?.isBusy === true;
    const sinceTryMs = isFull || isBusy ? clock().monotonicMs() - this.#lastTryMs : 0;
    const isLost = --this.#linesToLook <= 0 && this.#timerIsLost();
    // Nothing is dropped because another process writes too: that is worth a wait, though not one after the other.
    const isUrgent = this.#sync || (isFull && isBusy && clock().monotonicMs() >= this.#nextUrgentMs);
    if (isUrgent || isLost || sinceTryMs >= FULL_RETRY_MS) {
      this.drain(isUrgent);
      if (isUrgent) this.#nextUrgentMs = clock().monotonicMs() + BUSY_REPORT_MS;
      if (this.#refusal === undefined) {
        this.append(line);
        return;
      }
    }
    // A line that could never fit must not push out those that do.
    if (need > maxBufferBytes || !this.#makeRoom(need)) this.#options.account.refuse("buffer_overflow");
    else if (!this.#buffer.append(line)) this.#buffer.appendChunk(line);
  }

  /** Drops the oldest lines until `bytes` more fit; false when the rest of a begun line is in the way. */
  #makeRoom(bytes: number): boolean {
    const buffer = this.#buffer;
    const limit = this.#options.maxBufferBytes - bytes;
    let dropped = 0;
    while (buffer.pendingBytes > limit && buffer.dropOldest()) dropped++;
    if (dropped > 0) {
      this.#options.account.drop(dropped, "buffer_overflow");
      this.#settleWaiters();
    }
    return buffer.pendingBytes <= limit;
  }

  #settleWaiters(): void {
    this.#waiters.settled(() => this.#buffer.oldestUnsettled);
  }
}
