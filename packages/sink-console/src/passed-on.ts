/** What one call of foreign code passed on. */
export class PassedOn {
  readonly #changed: () => void;
  readonly #delayed: (error: unknown) => void;
  #pieces = 0;
  #waits = 0;
  #error: unknown;

  /**
   * @param changed called whenever all of it is out, or lost.
   * @param delayed called for trouble that may pass.
   */
  constructor(changed: () => void, delayed: (error: unknown) => void) {
    this.#changed = changed;
    this.#delayed = delayed;
  }

  /** Whether a standard stream took anything. */
  get isAny(): boolean {
    return this.#pieces > 0;
  }

  get isOut(): boolean {
    return this.#waits === 0;
  }

  /** Why some of it is lost. */
  get error(): unknown {
    return this.#error;
  }

  took(): void {
    this.#pieces += 1;
    this.#waits += 1;
  }

  delayed(error: unknown): void {
    this.#delayed(error);
  }

  settled(error: unknown): void {
    this.#error ??= error;
    this.#waits -= 1;
    if (this.isOut) this.#changed();
  }
}
