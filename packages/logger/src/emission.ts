/** One log call on its way to the sinks: as the record that some want, or as what a line is encoded from. */
import {
  buildAttributes,
  buildRecord,
  type CoercionReport,
  type InstrumentationScope,
  type LogRecord,
  type Redactor,
  type Resource,
  readWallTime,
  toUnixNano,
  type WallTime,
} from "@dagstack/logger-core";
import { BoundLayer, type LineDraft } from "@dagstack/logger-core/wire";
import type { Emitter, Route } from "./emit.ts";
import { type Ambience, readContext } from "./read-context.ts";

const NO_LAYERS: readonly BoundLayer[] = [];

/** What `fanOut` hands to the sinks. */
export interface Outgoing {
  readonly severityNumber: number;
  /** Made when it is first asked for. */
  readonly record: LogRecord;
  /** What a line is encoded from, or `null` where only the record will do. */
  readonly draft: Emission | null;
}

/** Made at the call: stamps the time and takes trace and baggage from the context. The values are not read yet. */
export class Emission implements LineDraft, Outgoing {
  readonly time: WallTime = { ms: 0, nanos: 0 };
  readonly severityNumber: number;
  body: unknown;
  bound: readonly BoundLayer[];
  attributes: readonly unknown[];
  readonly resource: Resource | null;
  readonly instrumentationScope: InstrumentationScope;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly traceFlags: number;
  readonly redactor: Redactor;
  readonly report: CoercionReport;
  #record: LogRecord | undefined;

  constructor(
    emitter: Emitter,
    route: Route,
    severityNumber: number,
    body: unknown,
    attributes: unknown,
    helperAttributes: unknown,
  ) {
    const { configuration, redactor } = route;
    const { identity, bound } = emitter;
    readWallTime(identity.registry.clock, this.time);
    const { trace, baggage } = readContext(emitter, configuration);
    this.severityNumber = severityNumber;
    this.body = body;
    this.bound = bound === null ? NO_LAYERS : bound.layers(redactor);
    if (baggage !== undefined) this.bound = [layerOf(baggage, redactor, identity.report), ...this.bound];
    this.attributes = helperAttributes === undefined ? [attributes] : [attributes, helperAttributes];
    this.resource = configuration.resource;
    this.instrumentationScope = identity.scope;
    this.traceId = trace === undefined ? null : trace.traceId;
    this.spanId = trace === undefined ? null : trace.spanId;
    this.traceFlags = trace === undefined ? 0 : trace.traceFlags;
    this.redactor = redactor;
    this.report = identity.report;
    this.#record = undefined;
  }

  get draft(): Emission {
    return this;
  }

  /** Reads the caller's values: then, or when a line is encoded, but never twice. */
  get record(): LogRecord {
    if (this.#record !== undefined) return this.#record;
    const record = buildRecord(
      {
        timeUnixNano: toUnixNano(this.time),
        severityNumber: this.severityNumber,
        body: this.body,
        bound: this.bound.map((layer) => layer.attributes),
        attributes: this.attributes,
        resource: this.resource,
        instrumentationScope: this.instrumentationScope,
        traceId: this.traceId,
        spanId: this.spanId,
        traceFlags: this.traceFlags,
      },
      this.redactor,
      this.report,
    );
    this.body = record.body;
    this.bound = [new BoundLayer(record.attributes)];
    this.attributes = [];
    this.#record = record;
    return record;
  }
}

function layerOf(baggage: NonNullable<Ambience["baggage"]>, redactor: Redactor, report: CoercionReport): BoundLayer {
  return new BoundLayer(buildAttributes([baggage], redactor, report));
}
