import type { Clock, LogRecord } from "@dagstack/logger-core";
import { LineEncoder, OtlpRecordEncoder, toOtlpProtobuf } from "@dagstack/logger-core/wire";
import type { SinkPort } from "../sinks/index.ts";
import type { Emission } from "./emission.ts";
import type { LaneFormat, LineLane } from "./line-lane.ts";

/** In Node and its like, where lines are what most records become. */
export function createLineLane(): LineLane | null {
  return new EncodedLines();
}

class EncodedLines implements LineLane {
  readonly #lines = new LineEncoder();
  readonly #requests = new OtlpRecordEncoder();

  get isBusy(): boolean {
    return this.#lines.isBusy || this.#requests.isBusy;
  }

  /** The bytes lie in the encoder's buffer, so nothing else is encoded before the last sink has had them. */
  send(ports: readonly SinkPort[], draft: Emission, clock: Clock, format: LaneFormat): boolean {
    const encoder = format === "dagstack" ? this.#lines : this.#requests;
    try {
      const line = encoder.encode(draft, clock, draft.redactor, draft.report);
      if (line === undefined) return false;
      for (const port of ports) if (!port.isClosed()) port.emitLine(draft.severityNumber, line);
      return true;
    } finally {
      encoder.release();
    }
  }

  toProtobuf(record: LogRecord): Uint8Array {
    return toOtlpProtobuf([record]);
  }
}
