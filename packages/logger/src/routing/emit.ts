/** One log call, from the caller's values to the sinks (design: how a record flows). */
import { describeError, severityText, withObservedTime } from "@dagstack/logger-core";
import { Emission, type RecordSource, send } from "../record/index.ts";
import type { Route } from "../registry/index.ts";
import { loseWithoutSink, reportMalformed } from "../reporting/index.ts";
import type { ScopedBlock } from "./scoped-block.ts";

/** Who logs: what a handle contributes to each of its records. */
export interface Emitter extends RecordSource {
  readonly block: ScopedBlock | null;
}

/** Emits one record. Never throws. `helperAttributes` are stronger than the call's (D-23). */
export function emit(
  emitter: Emitter,
  route: Route,
  severityNumber: number,
  body: unknown,
  attributes: unknown,
  helperAttributes?: unknown,
): void {
  const { registry, node } = emitter.identity;
  try {
    if (emitter.block?.ended === true) {
      emitter.block.refuse(registry, node.name);
      return;
    }
    if (registry.closed) {
      refuseClosed(route, severityNumber);
      return;
    }
    const text = severityText(severityNumber);
    node.emitted[text] = (node.emitted[text] ?? 0) + 1;
    const capture = registry.captures.find(node.name);
    const ports = capture === undefined ? route.ports : route.scoped;
    const emission = new Emission(emitter, route, severityNumber, body, attributes, helperAttributes);
    capture?.records.push(withObservedTime(emission.record, registry.clock.now()));
    send(registry, ports, emission);
  } catch (error) {
    loseWithoutSink(registry, "sink_error");
    reportMalformed(registry, node, "could not be emitted", "", describeError(error).type);
  }
}

function refuseClosed(route: Route, severityNumber: number): void {
  for (const port of route.ports) if (port.wants(severityNumber)) port.refuse("closed");
}
