import type { Clock, EncodedFormat, LogRecord } from "@dagstack/logger-core";
import type { SinkPort } from "../sinks/index.ts";
import type { Emission } from "./emission.ts";

/** The formats that a line lane encodes straight from values. */
export type LaneFormat = Exclude<EncodedFormat, "otlp_json">;

/**
 * Encodes lines straight from the caller's values, without a record. Chosen by the package's `imports` condition
 * `#line-lane`, for where sinks take lines; elsewhere they are made from records.
 */
export interface LineLane {
  /** Whether a line is on its way to sinks: a call that one of them caused goes another way. */
  readonly isBusy: boolean;
  /**
   * Hands the line of a log call to sinks, all of which want it in this format. False for a line so long that the record
   * may have to be cut: then it must be made, and the caller's values are read again.
   */
  send(ports: readonly SinkPort[], draft: Emission, clock: Clock, format: LaneFormat): boolean;
  /** A record as `otlp_protobuf`, which nothing but a line lane encodes: it takes code that browsers can do without. */
  toProtobuf(record: LogRecord): Uint8Array;
}
