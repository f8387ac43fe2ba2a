import type { Clock } from "@dagstack/logger-core";
import type { Emission } from "./emission.ts";
import type { SinkPort } from "./sink-port.ts";

/**
 * Encodes lines straight from the caller's values, without a record. Chosen by the package's `imports` condition
 * `#line-lane`, for where sinks take lines; elsewhere they are made from records.
 */
export interface LineLane {
  /** Whether a line is on its way to sinks: a call that one of them caused goes another way. */
  readonly isBusy: boolean;
  /**
   * Hands the line of a log call to sinks, all of which want it. False for a line so long that the record may have to be
   * cut: then it must be made, and the caller's values are read again.
   */
  send(ports: readonly SinkPort[], draft: Emission, clock: Clock): boolean;
}
