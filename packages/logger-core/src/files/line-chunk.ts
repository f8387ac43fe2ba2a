/** A block of lines, written from `pos`. Line `i` ends before `ends[i]`. */
export class LineChunk {
  readonly bytes: Uint8Array;
  ends: Uint32Array = new Uint32Array(256);
  /** Bytes and lines put in. */
  length = 0;
  lines = 0;
  /** The next byte to write and the line it belongs to. */
  pos = 0;
  line = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Whether every line in it is written or dropped. */
  get isDone(): boolean {
    return this.line === this.lines;
  }

  reset(): void {
    this.length = 0;
    this.lines = 0;
    this.pos = 0;
    this.line = 0;
  }

  lineStart(): number {
    return this.line === 0 ? 0 : (this.ends[this.line - 1] ?? 0);
  }

  lineEnd(): number {
    return this.ends[this.line] ?? this.length;
  }

  /** Goes on to the next line, whatever was written of this one. */
  skipLine(): void {
    this.pos = this.lineEnd();
    this.line++;
  }

  /** Adds the line and its LF (D-09), for which the caller knows there is room. */
  add(line: Uint8Array): void {
    if (this.lines === this.ends.length) {
      const ends = new Uint32Array(this.ends.length * 2);
      ends.set(this.ends);
      this.ends = ends;
    }
    const end = this.length + line.length;
    this.bytes.set(line, this.length);
    this.bytes[end] = 10;
    this.length = end + 1;
    this.ends[this.lines++] = this.length;
  }
}
