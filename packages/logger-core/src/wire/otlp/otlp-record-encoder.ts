import { severityText } from "../../options/index.ts";
import type { InstrumentationScope, Resource } from "../../record/index.ts";
import type { Redactor } from "../../redaction/index.ts";
import { type Clock, readWallTime, type WallTime } from "../../sink/index.ts";
import type { CoercionReport } from "../../value/index.ts";
import { type EncoderDraft, type Frame, FrameCache, RecordEncoder, Token } from "../encoder/index.ts";
import { writeResource, writeScope } from "./otlp-protobuf.ts";
import { keyHead, OtlpValues } from "./otlp-values.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

const RESOURCE_LOGS = 1;
const SCOPE_LOGS = 2;
const LOG_RECORD = 2;
const BODY = 5;

/** With room to spare: a control character takes six bytes of JSON for one of protobuf, null in a list five for two. */
const MOST_JSON_PER_BYTE = 8;

/** The fields that all records of a scope and a resource have in common. */
class RequestFrame implements Frame {
  readonly scope: InstrumentationScope;
  readonly resource: Resource | null;
  readonly resourceField: Token;
  readonly scopeField: Token;

  constructor(scope: InstrumentationScope, resource: Resource | null) {
    this.scope = scope;
    this.resource = resource;
    this.resourceField = encoded((writer) => writeResource(writer, resource?.attributes ?? {}));
    this.scopeField = encoded((writer) => writeScope(writer, scope));
  }
}

function encoded(write: (writer: ProtobufWriter) => void): Token {
  const writer = new ProtobufWriter();
  write(writer);
  return new Token(writer.finish());
}

/** Severity number and text, by number. */
const severities: Token[] = [];

function severityOf(severityNumber: number): Token {
  severities[severityNumber] ??= encoded((writer) => {
    writer.uint32(2, severityNumber);
    writer.string(3, severityText(severityNumber));
  });
  return severities[severityNumber];
}

/** Encodes records as an `ExportLogsServiceRequest` each (§1.7). */
export class OtlpRecordEncoder extends RecordEncoder {
  readonly #writer: ProtobufWriter;
  readonly #frames = new FrameCache((scope, resource) => new RequestFrame(scope, resource));
  readonly #observed: WallTime = { ms: 0, nanos: 0 };

  constructor() {
    const writer = new ProtobufWriter();
    super(new OtlpValues(writer), MOST_JSON_PER_BYTE, keyHead);
    this.#writer = writer;
  }

  protected override write(draft: EncoderDraft, clock: Clock, redactor: Redactor, report: CoercionReport): void {
    const writer = this.#writer;
    const frame = this.#frames.of(draft.instrumentationScope, draft.resource);
    const resourceLogs = writer.beginLong(RESOURCE_LOGS);
    writer.token(frame.resourceField);
    const scopeLogs = writer.beginLong(SCOPE_LOGS);
    writer.token(frame.scopeField);
    const record = writer.beginLong(LOG_RECORD);
    writer.time(1, draft.time);
    writer.token(severityOf(draft.severityNumber));
    this.#bodyField(draft.body, redactor, report);
    this.attributes(draft, redactor, report);
    const { spanId, traceFlags, traceId } = draft;
    if (traceFlags !== 0) writer.fixed32(8, traceFlags);
    if (traceId !== null) writer.hex(9, traceId);
    if (spanId !== null) writer.hex(10, spanId);
    readWallTime(clock, this.#observed);
    writer.time(11, this.#observed);
    writer.endLong(record);
    writer.endLong(scopeLogs);
    writer.endLong(resourceLogs);
  }

  #bodyField(body: unknown, redactor: Redactor, report: CoercionReport): void {
    const writer = this.#writer;
    const start = writer.pos;
    const mark = writer.begin(BODY);
    this.body(body, redactor, report);
    // Nothing was written for null, and only for null.
    if (writer.pos === mark + 1) writer.pos = start;
    else writer.end(mark);
  }
}
