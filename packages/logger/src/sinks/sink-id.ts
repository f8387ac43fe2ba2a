import type { Sink } from "@dagstack/logger-core";

/** A sink's id, which was a non-empty string when the sink was checked, whatever its getter does later. */
export function sinkId(sink: Sink): string {
  try {
    return String(sink.id);
  } catch {
    return "unreadable"; // not counted: the text itself shows in metrics and diagnostics
  }
}
