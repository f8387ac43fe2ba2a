import { LineChunk } from "./line-chunk.ts";

/**
 * Lines that wait to be written, as bytes, each with its end known so that every count is exact. First in, first out, in chunks
 * of a fixed capacity; one chunk is reused as long as it empties before it fills.
 */
export class LineBuffer {
  readonly #capacity: number;
  #chunks: LineChunk[];
  #tail: LineChunk;
  #spare: LineChunk | undefined;
  #bytes = 0;
  #lines = 0;
  #appended = 0;
  #deliveredEnd = 0;
  /** Number of the begun line that was set apart from those behind it, which may have been dropped since. */
  #apart: number | undefined;

  constructor(capacityBytes: number) {
    this.#capacity = capacityBytes;
    this.#tail = new LineChunk(capacityBytes);
    this.#chunks = [this.#tail];
  }

  /** Bytes not written yet. */
  get pendingBytes(): number {
    return this.#bytes;
  }

  /** Lines not completely written yet. */
  get pendingLines(): number {
    return this.#lines;
  }

  /** Lines ever appended: the number that the next one gets. */
  get appended(): number {
    return this.#appended;
  }

  /** One more than the number of the last line that was completed. */
  get deliveredEnd(): number {
    return this.#deliveredEnd;
  }

  /** Bytes of the next line that are written already. */
  get begunBytes(): number {
    return this.#head.pos - this.#head.lineStart();
  }

  /** Bytes of the next line, or of its rest, LF included. */
  get nextLineBytes(): number {
    return this.#head.lineEnd() - this.#head.pos;
  }

  /** Where the next bytes are. */
  get headBytes(): Uint8Array {
    return this.#head.bytes;
  }

  get headOffset(): number {
    return this.#head.pos;
  }

  /** Copies the line in. False when the current chunk has no room: write first, or `appendChunk`. */
  append(line: Uint8Array): boolean {
    const tail = this.#tail;
    const need = line.length + 1;
    if (tail.length + need > tail.bytes.length) return false;
    tail.add(line);
    this.#bytes += need;
    this.#lines++;
    this.#appended++;
    return true;
  }

  /** Copies the line into a new chunk, which has its very size if it is larger than a chunk. */
  appendChunk(line: Uint8Array): void {
    const need = line.length + 1;
    const reuse = need <= this.#capacity ? this.#spare : undefined;
    const chunk = reuse ?? new LineChunk(Math.max(need, this.#capacity));
    if (reuse !== undefined) this.#spare = undefined;
    if (this.#tail.isDone) this.#chunks.pop();
    this.#chunks.push(chunk);
    this.#tail = chunk;
    this.append(line);
  }

  /** How many of the next bytes are whole lines that together fit into `room`; at least the next line's. */
  runWithin(room: number): number {
    const { ends, pos, length, line, lines } = this.#head;
    if (length - pos <= room) return length - pos;
    let fitting = line;
    let above = lines;
    while (above - fitting > 1) {
      const middle = (fitting + above) >>> 1;
      if ((ends[middle] ?? 0) - pos <= room) fitting = middle;
      else above = middle;
    }
    return (ends[fitting] ?? length) - pos;
  }

  /** Takes written bytes off; answers how many lines they complete. */
  advance(bytes: number): number {
    const head = this.#head;
    const before = head.line;
    head.pos += bytes;
    this.#bytes -= bytes;
    if (head.pos === head.length) head.line = head.lines;
    else while (head.lineEnd() <= head.pos) head.line++;
    const completed = head.line - before;
    if (completed === 0) return 0;
    this.#lines -= completed;
    this.#deliveredEnd = this.#apart === undefined ? this.#appended - this.#lines : this.#apart + 1;
    this.#apart = undefined;
    if (head.isDone) this.#retireHead();
    return completed;
  }

  /** Forgets that a part of the next line was written, so that it is written whole. */
  restartLine(): void {
    const begun = this.begunBytes;
    this.#head.pos -= begun;
    this.#bytes += begun;
  }

  /** Drops the oldest line that was not begun; false when there is none. */
  dropOldest(): boolean {
    if (this.#lines > 0 && this.begunBytes > 0) this.#setBegunLineApart();
    const index = this.begunBytes > 0 ? 1 : 0;
    const chunk = this.#chunks[index];
    if (chunk === undefined || chunk.isDone) return false;
    this.#bytes -= chunk.lineEnd() - chunk.pos;
    chunk.skipLine();
    this.#lines--;
    if (index === 0) this.#apart = undefined;
    if (chunk.isDone) {
      if (index === 0) this.#retireHead();
      else if (chunk === this.#tail) chunk.reset();
      else {
        this.#chunks.splice(index, 1);
        this.#keepSpare(chunk);
      }
    }
    return true;
  }

  /** Drops everything, begun or not; answers how many lines. */
  clear(): number {
    const dropped = this.#lines;
    this.#tail = new LineChunk(this.#capacity);
    this.#chunks = [this.#tail];
    this.#bytes = 0;
    this.#lines = 0;
    this.#apart = undefined;
    return dropped;
  }

  /** The number of the oldest line that is neither completed nor dropped; the next line's when there is none. */
  get oldestUnsettled(): number {
    return this.#apart ?? this.#appended - this.#lines;
  }

  /** How many of the first `target` lines ever appended are not settled. */
  waitingBefore(target: number): number {
    const apart = this.#apart;
    const contiguous = this.#lines - (apart === undefined ? 0 : 1);
    const waiting = Math.max(0, target - (this.#appended - contiguous));
    return apart !== undefined && apart < target ? waiting + 1 : waiting;
  }

  get #head(): LineChunk {
    return this.#chunks[0] ?? this.#tail;
  }

  #retireHead(): void {
    const head = this.#head;
    if (head !== this.#tail) {
      this.#chunks.shift();
      this.#keepSpare(head);
    } else if (head.bytes.length === this.#capacity) {
      head.reset();
    } else {
      this.#tail = this.#spare ?? new LineChunk(this.#capacity);
      this.#spare = undefined;
      this.#chunks = [this.#tail];
    }
  }

  /** One chunk that emptied is kept for the next: garbage outside the heap would grow faster than it is collected. */
  #keepSpare(chunk: LineChunk): void {
    if (chunk.bytes.length !== this.#capacity || this.#spare !== undefined) return;
    chunk.reset();
    this.#spare = chunk;
  }

  /** Moves the begun line into a chunk of its own, so that lines behind it can be dropped. */
  #setBegunLineApart(): void {
    if (this.#apart !== undefined) return;
    const head = this.#head;
    const start = head.lineStart();
    const end = head.lineEnd();
    const apart = new LineChunk(end - start);
    apart.add(head.bytes.subarray(start, end - 1));
    apart.pos = head.pos - start;
    this.#apart = this.#appended - this.#lines;
    head.skipLine();
    if (head.isDone) {
      if (head === this.#tail) head.reset();
      else this.#chunks.shift();
    }
    this.#chunks.unshift(apart);
  }
}
