/** One log call, from the caller's values to the sinks (design: how a record flows). */
import {
  type Attributes,
  buildAttributes,
  buildRecord,
  type CoercionReport,
  describeError,
  type InstrumentationScope,
  type LogRecord,
  type Redactor,
  severityText,
  withObservedTime,
} from "@dagstack/logger-core";
import type { BoundAttributes } from "./bound-attributes.ts";
import { BAGGAGE_ALIASES } from "./generated/baggage-keys.ts";
import type { LoggerNode } from "./logger-node.ts";
import { type TraceContext, validTraceContext } from "./opentelemetry-context.ts";
import type { Configuration, Registry } from "./registry.ts";
import type { ScopedBlock } from "./scoped-block.ts";
import type { SinkPort } from "./sink-port.ts";

/** Where a handle takes trace and baggage from (§3.4). */
export type ContextSource =
  | { readonly kind: "ambient" }
  /** Handles made from it fall back to what it hides (D-28). */
  | { readonly kind: "none"; readonly hidden: ContextSource }
  | { readonly kind: "explicit"; readonly context: unknown };

/** Who logs: what a handle contributes to each of its records. */
export interface Emitter {
  readonly registry: Registry;
  readonly node: LoggerNode;
  readonly scope: InstrumentationScope;
  readonly bound: BoundAttributes | null;
  readonly contextSource: ContextSource;
  readonly block: ScopedBlock | null;
  readonly reportCoercion: CoercionReport;
}

/** Where a handle's records go under the configuration of the moment. */
export interface Route {
  readonly configuration: Configuration;
  readonly redactor: Redactor;
  readonly configured: readonly SinkPort[];
  /** Sinks that a scope brought: they receive their records even under a test capture. */
  readonly scoped: readonly SinkPort[];
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
  const { registry, node } = emitter;
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
    let record: LogRecord | undefined;
    const makeRecord = (): LogRecord => {
      record ??= build(emitter, route, severityNumber, body, attributes, helperAttributes);
      return record;
    };
    const capture = registry.captures.find(node.name);
    if (capture === undefined) registry.send(route.configured, severityNumber, makeRecord);
    else capture.records.push(withObservedTime(makeRecord(), registry.clock.now()));
    if (route.scoped.length > 0) registry.send(route.scoped, severityNumber, makeRecord);
  } catch (error) {
    registry.loseWithoutSink("sink_error");
    registry.reportMalformed(node, "could not be emitted", "", describeError(error).type);
  }
}

function refuseClosed(route: Route, severityNumber: number): void {
  for (const port of route.configured) if (port.wants(severityNumber)) port.refuse("closed");
  for (const port of route.scoped) if (port.wants(severityNumber)) port.refuse("closed");
}

function build(
  emitter: Emitter,
  route: Route,
  severityNumber: number,
  body: unknown,
  attributes: unknown,
  helperAttributes: unknown,
): LogRecord {
  const { configuration, redactor } = route;
  const { bound, reportCoercion } = emitter;
  const timeUnixNano = emitter.registry.clock.now();
  const { trace, baggage } = readContext(emitter, configuration);
  const layers: Attributes[] = [];
  if (baggage !== undefined) layers.push(buildAttributes([baggage], redactor, reportCoercion));
  if (bound !== null) layers.push(bound.values(redactor));
  return buildRecord(
    {
      timeUnixNano,
      severityNumber,
      body,
      bound: layers,
      attributes: [attributes, helperAttributes],
      resource: configuration.resource,
      instrumentationScope: emitter.scope,
      traceId: trace?.traceId ?? null,
      spanId: trace?.spanId ?? null,
      traceFlags: trace?.traceFlags ?? 0,
    },
    redactor,
    reportCoercion,
  );
}

interface Ambience {
  readonly trace?: TraceContext | undefined;
  readonly baggage?: Readonly<Record<string, string>> | undefined;
}

const NOTHING: Ambience = {};

function readContext(emitter: Emitter, configuration: Configuration): Ambience {
  const source = emitter.contextSource;
  if (source.kind === "none" || (source.kind === "ambient" && !configuration.autoInjectTraceContext)) return NOTHING;
  const { contextReader, baggageKeys } = configuration;
  try {
    const context = source.kind === "explicit" ? source.context : contextReader.active();
    if (context === undefined || context === null) return NOTHING;
    let baggage: Record<string, string> | undefined;
    for (const key of baggageKeys) {
      const alias = BAGGAGE_ALIASES.get(key);
      const value =
        contextReader.baggage(context, key) ??
        (alias === undefined ? undefined : contextReader.baggage(context, alias));
      if (typeof value !== "string") continue;
      baggage ??= {};
      baggage[key] = value;
    }
    return { trace: validTraceContext(contextReader.span(context)), baggage };
  } catch (error) {
    emitter.reportCoercion("unreadable", "trace context", describeError(error).type);
    return NOTHING;
  }
}
