import type { Registry } from "./registry.ts";

/** The life of one `withScopedSinks` block (§6.2). */
export class ScopedBlock {
  #ended = false;
  #reported = false;

  get ended(): boolean {
    return this.#ended;
  }

  end(registry: Registry): void {
    this.#ended = true;
    registry.touch();
  }

  /** Counts a record logged after the block, and reports the first (D-48). */
  refuse(registry: Registry, loggerName: string): void {
    registry.loseWithoutSink("scope_ended");
    if (this.#reported) return;
    this.#reported = true;
    registry.report({ event: "scope_ended", loggerName: loggerName === "" ? "root" : loggerName, droppedCount: 1 });
  }
}
