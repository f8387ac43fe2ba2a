/** When the live file is due, by size and by time (§7.2, D-65). A limit of 0 is none. */
export class RotationSchedule {
  readonly #sizeBytes: number;
  readonly #intervalMs: number;
  /** The interval, counted from the Unix epoch, that the content of the live file belongs to. */
  #interval = 0;

  constructor(sizeBytes: number, intervalMs: number) {
    this.#sizeBytes = sizeBytes === 0 ? Number.POSITIVE_INFINITY : sizeBytes;
    this.#intervalMs = intervalMs === 0 ? Number.POSITIVE_INFINITY : intervalMs;
  }

  get isOff(): boolean {
    return this.#sizeBytes === Number.POSITIVE_INFINITY && this.#intervalMs === Number.POSITIVE_INFINITY;
  }

  /** A file was opened. What it holds belongs to the interval of its last change, or to now if that lies ahead. */
  opened(fileBytes: number, modifiedMs: number, nowMs: number): void {
    this.#interval = this.#intervalOf(fileBytes === 0 ? nowMs : Math.min(modifiedMs, nowMs));
  }

  /** Whether a file of `fileBytes` must be set aside before a line of `lineBytes` is written; an empty one never. */
  isDue(fileBytes: number, lineBytes: number, nowMs: number): boolean {
    const interval = this.#intervalOf(nowMs);
    if (fileBytes === 0) {
      this.#interval = interval;
      return false;
    }
    return interval > this.#interval || fileBytes + lineBytes > this.#sizeBytes;
  }

  /** Bytes that a file of `fileBytes` may still take. */
  room(fileBytes: number): number {
    return Math.max(0, this.#sizeBytes - fileBytes);
  }

  #intervalOf(ms: number): number {
    return Math.floor(ms / this.#intervalMs);
  }
}
