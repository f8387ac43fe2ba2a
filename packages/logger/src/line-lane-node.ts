import type { Clock } from "@dagstack/logger-core";
import { LineEncoder } from "@dagstack/logger-core/wire";
import type { Emission } from "./emission.ts";
import type { LineLane } from "./line-lane.ts";
import type { SinkPort } from "./sink-port.ts";

/** In Node and its like, where lines are what most records become. */
export function createLineLane(): LineLane | null {
  return new EncodedLines();
}

class EncodedLines implements LineLane {
  readonly #encoder = new LineEncoder();

  get isBusy(): boolean {
    return this.#encoder.isBusy;
  }

  /** The bytes lie in the encoder's buffer, so nothing else is encoded before the last sink has had them. */
  send(ports: readonly SinkPort[], draft: Emission, clock: Clock): boolean {
    const encoder = this.#encoder;
    try {
      const line = encoder.encode(draft, clock, draft.redactor, draft.report);
      if (line === undefined) return false;
      for (const port of ports) if (!port.isClosed()) port.emitLine(draft.severityNumber, line);
      return true;
    } finally {
      encoder.release();
    }
  }
}
