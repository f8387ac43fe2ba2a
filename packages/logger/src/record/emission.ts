/** One log call on its way to the sinks: as the record that some want, or as what a line is encoded from. */
import {
  type Attributes,
  buildAttributes,
  buildRecord,
  type CoercionReport,
  type InstrumentationScope,
  type LogRecord,
  type RecordDraft,
  type Redactor,
  type Resource,
  readWallTime,
  toUnixNano,
  type WallTime,
} from "@dagstack/logger-core";
import { BoundLayer, type EncoderDraft } from "@dagstack/logger-core/wire";
import { type ContextSource, readContext } from "../context/index.ts";
import type { Identity, Route } from "../registry/index.ts";
import type { BoundAttributes } from "./bound-attributes.ts";

/** What a handle contributes to each of its records. */
export interface RecordSource {
  readonly identity: Identity;
  readonly bound: BoundAttributes | null;
  readonly contextSource: ContextSource;
}

/** What `fanOut` hands to the sinks. */
export interface Outgoing {
  readonly severityNumber: number;
  /** Made when it is first asked for. */
  readonly record: LogRecord;
}

/** Made at the call: stamps the time and takes trace and baggage from the context. The values are not read yet. */
export class Emission implements EncoderDraft, RecordDraft, Outgoing, WallTime {
  ms = 0;
  nanos = 0;
  // Declared only, since each is set once, below.
  declare readonly severityNumber: number;
  declare body: unknown;
  declare layers: readonly BoundLayer[];
  declare attributes: readonly unknown[];
  declare readonly resource: Resource | null;
  declare readonly instrumentationScope: InstrumentationScope;
  declare readonly traceId: string | null;
  declare readonly spanId: string | null;
  declare readonly traceFlags: number;
  declare readonly maxBytes: number;
  declare readonly redactor: Redactor;
  declare readonly report: CoercionReport;
  #record: LogRecord | undefined;

  constructor(
    source: RecordSource,
    route: Route,
    severityNumber: number,
    body: unknown,
    attributes: unknown,
    helperAttributes: unknown,
  ) {
    const { configuration, redactor } = route;
    const { identity, bound, contextSource } = source;
    readWallTime(identity.registry.clock, this);
    const { trace, baggage } = readContext(contextSource, configuration, identity.report);
    this.severityNumber = severityNumber;
    this.body = body;
    this.layers = bound?.layers(redactor) ?? [];
    if (baggage !== undefined) {
      this.layers = [new BoundLayer(buildAttributes([baggage], redactor, identity.report)), ...this.layers];
    }
    this.attributes = [attributes, helperAttributes];
    this.resource = configuration.resource;
    this.instrumentationScope = identity.scope;
    this.traceId = trace?.traceId ?? null;
    this.spanId = trace?.spanId ?? null;
    this.traceFlags = trace?.traceFlags ?? 0;
    this.maxBytes = configuration.maxRecordBytes;
    this.redactor = redactor;
    this.report = identity.report;
  }

  get time(): WallTime {
    return this;
  }

  get timeUnixNano(): bigint {
    return toUnixNano(this);
  }

  get bound(): readonly Attributes[] {
    return this.layers.map((layer) => layer.attributes);
  }

  /** Reads the caller's values: then, or when a line is encoded, but never twice. */
  get record(): LogRecord {
    if (this.#record !== undefined) return this.#record;
    const record = buildRecord(this, this.redactor, this.report);
    this.body = record.body;
    this.layers = [new BoundLayer(record.attributes)];
    this.attributes = [];
    this.#record = record;
    return record;
  }
}
