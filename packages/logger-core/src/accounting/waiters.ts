/**
 * Those who wait until everything up to some record is delivered or lost: the flushes of a sink that numbers its
 * records in the order it took them in.
 */
export class Waiters {
  readonly #waiting: { readonly upTo: number; readonly resolve: () => void }[] = [];

  /**
   * Resolves when every record up to and including `upTo` is settled.
   *
   * @param oldestUnsettled the number of the oldest record that is neither delivered nor lost now; the next number
   * when there is none.
   */
  until(upTo: number, oldestUnsettled: number): Promise<void> {
    if (oldestUnsettled > upTo) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ upTo, resolve });
    });
  }

  /** To be called whenever records settle. Costs next to nothing while nobody waits. */
  settled(oldestUnsettled: () => number): void {
    if (this.#waiting.length === 0) return;
    const oldest = oldestUnsettled();
    // Who comes later never waits for less, so those who are done stand in front.
    const stillWaiting = this.#waiting.findIndex(({ upTo }) => upTo >= oldest);
    if (stillWaiting === 0) return;
    const done = this.#waiting.splice(0, stillWaiting === -1 ? this.#waiting.length : stillWaiting);
    for (const { resolve } of done) resolve();
  }
}
