/** One log call, from the caller's values to the sinks (design: how a record flows). */
import {
  type CoercionReport,
  describeError,
  type InstrumentationScope,
  type Redactor,
  severityText,
  withObservedTime,
} from "@dagstack/logger-core";
import type { BoundAttributes } from "./bound-attributes.ts";
import { Emission } from "./emission.ts";
import type { LoggerNode } from "./logger-node.ts";
import type { ContextSource } from "./read-context.ts";
import type { Configuration, Registry } from "./registry.ts";
import type { ScopedBlock } from "./scoped-block.ts";
import type { SinkPort } from "./sink-port.ts";

/** What all handles made from one `Logger.get` have in common. */
export interface Identity {
  readonly registry: Registry;
  readonly node: LoggerNode;
  readonly scope: InstrumentationScope;
  readonly report: CoercionReport;
}

/** Who logs: what a handle contributes to each of its records. */
export interface Emitter {
  readonly identity: Identity;
  readonly bound: BoundAttributes | null;
  readonly contextSource: ContextSource;
  readonly block: ScopedBlock | null;
}

/** Where a handle's records go under the configuration of the moment. */
export interface Route {
  readonly configuration: Configuration;
  readonly redactor: Redactor;
  readonly configured: readonly SinkPort[];
  /** Sinks that a scope brought: they receive their records even under a test capture. */
  readonly scoped: readonly SinkPort[];
  /** Both. */
  readonly ports: readonly SinkPort[];
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
    registry.send(ports, emission);
  } catch (error) {
    registry.loseWithoutSink("sink_error");
    registry.reportMalformed(node, "could not be emitted", "", describeError(error).type);
  }
}

function refuseClosed(route: Route, severityNumber: number): void {
  for (const port of route.ports) if (port.wants(severityNumber)) port.refuse("closed");
}
