import { jsonLines } from "@dagstack/fault-harness";

/** Counts of the diagnostics of one event, by sink id. */
export function diagnostics(stderr, event) {
  const counts = {};
  for (const { attributes } of jsonLines(stderr)) {
    if (attributes?.["event.name"] !== event) continue;
    const id = attributes["dagstack.sink.id"];
    counts[id] = (counts[id] ?? 0) + (attributes["dagstack.dropped_count"] ?? 0);
  }
  return counts;
}
