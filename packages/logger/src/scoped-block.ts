import type { Registry } from "./registry.ts";

/** The life of one `withScopedSinks` block (§6.2). A block inside another ends with it at the latest. */
export class ScopedBlock {
  readonly #outer: ScopedBlock | null;
  #ended = false;
  #reported = false;

  constructor(outer: ScopedBlock | null) {
    this.#outer = outer;
  }

  get ended(): boolean {
    return this.#ended || this.#outer?.ended === true;
  }

  end(): void {
    this.#ended = true;
  }

  /** Counts a record logged after the block, and reports the first (D-48). */
  refuse(registry: Registry, loggerName: string): void {
    registry.loseWithoutSink("scope_ended");
    if (this.#reported) return;
    this.#reported = true;
    registry.report({ event: "scope_ended", loggerName: loggerName === "" ? "root" : loggerName, droppedCount: 1 });
  }
}
