/** One log call, from the caller's values to the sinks (design: how a record flows). */
import { describeError, severityText, withObservedTime } from "@dagstack/logger-core";
import { type ContextSource, passedOn } from "../context/index.ts";
import { BoundAttributes, Emission, exceptionParts, type RecordSource, send } from "../record/index.ts";
import type { Registry, Route } from "../registry/index.ts";
import { loseWithoutSink, reportMalformed } from "../reporting/index.ts";
import { explicitContext, reportUnknownOptions } from "./calls.ts";
import type { ScopedBlock } from "./scoped-block.ts";

/** Who logs: what a handle contributes to each of its records. */
export interface Emitter extends RecordSource {
  readonly block: ScopedBlock | null;
}

/** As a change of an emitter: none of what surrounds a call. */
export const NO_CONTEXT: ContextSource = { kind: "none", hidden: { kind: "ambient" } };

/** Who logs through a handle that was made from another one. */
export function deriveEmitter(from: Emitter, { bound, contextSource, block }: Partial<Emitter>): Emitter {
  const passed = passedOn(from.contextSource);
  const source = contextSource?.kind === "explicit" ? explicitContext(from, contextSource.context) : contextSource;
  return {
    identity: from.identity,
    bound: bound ?? from.bound,
    contextSource: source === NO_CONTEXT ? { kind: "none", hidden: passed } : (source ?? passed),
    block: block ?? from.block,
  };
}

/** What a handle has bound, and more. */
export function bindTo({ bound, identity }: Emitter, { redactor }: Route, attributes: unknown): BoundAttributes {
  return new BoundAttributes(bound, attributes, redactor, identity.report);
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

/** Emits what was thrown. @param caller the method that the application called, for a stack that is made here. */
export function emitException(
  emitter: Emitter,
  route: Route,
  severityNumber: number,
  error: unknown,
  attributes: unknown,
  options: unknown,
  caller: (...args: never[]) => unknown,
): void {
  try {
    reportUnknownOptions(emitter, options, ["body", "severityNumber"]);
    const parts = exceptionParts(error, options, route.redactor, emitter.identity.report, caller);
    emit(emitter, route, severityNumber, parts.body, attributes, parts.attributes);
  } catch (failure) {
    const { registry, node } = emitter.identity;
    loseWithoutSink(registry, "sink_error");
    reportMalformed(registry, node, "could not be emitted", "", describeError(failure).type);
  }
}

/** Counts a call that could not even begin, as when the stack is full. Never throws. */
export function loseCall(registry: Registry): void {
  try {
    loseWithoutSink(registry, "sink_error");
  } catch {
    // not counted: there is no room for it on the stack either
  }
}
