/** What the packages report about themselves on `dagstack.logger.internal` (§7.4). */
import type { DiagnosticEvent } from "../generated/diagnostic-events.ts";

export { DIAGNOSTIC_DOMAIN, DIAGNOSTIC_EVENTS, type DiagnosticEvent } from "../generated/diagnostic-events.ts";

/** Name of the logger that diagnostics appear on (§7.4). */
export const INTERNAL_LOGGER_NAME = "dagstack.logger.internal";

/**
 * Why a record was lost (§12, D-60).
 *
 * - `buffer_overflow`: a queue, buffer or ring was full
 * - `sink_error`: the sink threw, could not serialise or gave up
 * - `filtered`: a processor said so
 * - `closed`: emitted after close, or still waiting when close ran out of time
 * - `scope_ended`: emitted on a scoped logger after its block
 */
export type DropReason = "buffer_overflow" | "sink_error" | "filtered" | "closed" | "scope_ended";

/**
 * One diagnostic. It names things and counts them; it never carries a record's body or attribute values, since the
 * channel is not redacted (D-68). Which fields an event has: `data/diagnostics.json`.
 */
export interface Diagnostic {
  readonly event: DiagnosticEvent;
  readonly sinkId?: string;
  readonly loggerName?: string;
  readonly reason?: string;
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly droppedCount?: number;
  /** Dotted path of the attribute concerned. */
  readonly attributePath?: string;
  /** Path of the setting concerned. */
  readonly configPath?: string;
}
