/**
 * From the values of a log call straight to an `ExportLogsServiceRequest` (§1.7) that holds its record, sorted and
 * redacted: what `toOtlpProtobuf([withObservedTime(buildRecord(…))])` says, byte for byte, without the record and its
 * copies. The counterpart of `line-encoder.ts`, with the same bounds on what is remembered.
 */

import { severityText } from "../../options/index.ts";
import type { CoercionReport, InstrumentationScope, Resource } from "../../record/index.ts";
import { collectAttributes, collectBody, DEFAULT_MAX_RECORD_BYTES, WalkBudget } from "../../record/index.ts";
import type { Redactor } from "../../redaction/index.ts";
import { type Clock, readWallTime, type WallTime } from "../../sink/index.ts";
import {
  arePlain,
  type Frame,
  FrameCache,
  isPrototypePolluted,
  KeyTries,
  LINE_TOO_LONG,
  Token,
} from "../encoder/index.ts";
import type { LineDraft } from "../line/index.ts";
import { writeResource, writeScope } from "./otlp-protobuf.ts";
import { writeAnyValue, writeKeyValues } from "./otlp-protobuf-value.ts";
import { ATTRIBUTES_FIELD, keyHead, OtlpWalk } from "./otlp-walk.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

const RESOURCE_LOGS = 1;
const SCOPE_LOGS = 2;
const LOG_RECORD = 2;
const BODY = 5;

/** The JSON of a record, which is what `maxBytes` limits, is never longer than so many times its protobuf. */
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

/** Encodes one record at a time. */
export class OtlpRecordEncoder {
  readonly #writer = new ProtobufWriter();
  readonly #budget = new WalkBudget(DEFAULT_MAX_RECORD_BYTES);
  readonly #walk = new OtlpWalk(this.#writer, this.#budget);
  readonly #frames = new FrameCache((scope, resource) => new RequestFrame(scope, resource));
  readonly #tries = new KeyTries(keyHead);
  readonly #observed: WallTime = { ms: 0, nanos: 0 };
  #isBusy = false;

  /** Whether a record was encoded and not released: then the encoder must not be used. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * The request. The bytes are valid until `release`, which must follow, also when this throws: it does for a scope or
   * resource that holds something that is no `Value`. Callers' values never make it throw.
   *
   * `undefined` for a record so long that it may have to be cut: whether it must be, only the record tells.
   *
   * @param clock is read for the observed time when the values have been (D-14).
   */
  encode(draft: LineDraft, clock: Clock, redactor: Redactor, report: CoercionReport): Uint8Array | undefined {
    this.#isBusy = true;
    const { maxBytes = DEFAULT_MAX_RECORD_BYTES } = draft;
    this.#budget.reset(maxBytes);
    try {
      this.#request(draft, clock, redactor, report);
    } catch (error) {
      if (error !== LINE_TOO_LONG) throw error;
      this.#walk.reset();
      return undefined;
    }
    const mayBeCut = this.#writer.length * MOST_JSON_PER_BYTE > maxBytes || this.#budget.cutBytes > 0;
    return mayBeCut ? undefined : this.#writer.view();
  }

  #request(draft: LineDraft, clock: Clock, redactor: Redactor, report: CoercionReport): void {
    const writer = this.#writer;
    const frame = this.#frames.of(draft.instrumentationScope, draft.resource);
    writer.restart();
    const resourceLogs = writer.beginLong(RESOURCE_LOGS);
    writer.token(frame.resourceField);
    const scopeLogs = writer.beginLong(SCOPE_LOGS);
    writer.token(frame.scopeField);
    const record = writer.beginLong(LOG_RECORD);
    writer.time(1, draft.time);
    writer.token(severityOf(draft.severityNumber));
    this.#body(draft.body, redactor, report);
    this.#attributes(draft, redactor, report);
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

  /** The bytes of the last record are not needed any more. */
  release(): void {
    this.#isBusy = false;
  }

  #attributes(draft: LineDraft, redactor: Redactor, report: CoercionReport): void {
    const { layers, attributes } = draft;
    if (!isPrototypePolluted() && arePlain(attributes)) {
      this.#walk.begin(this.#tries.of(redactor), report);
      this.#walk.attributes(layers, attributes);
      return;
    }
    const bound = layers.map((layer) => layer.attributes);
    writeKeyValues(
      this.#writer,
      ATTRIBUTES_FIELD,
      collectAttributes(bound, attributes, redactor, report, this.#budget),
    );
  }

  #body(body: unknown, redactor: Redactor, report: CoercionReport): void {
    const writer = this.#writer;
    const start = writer.length;
    const mark = writer.begin(BODY);
    if (isPrototypePolluted()) writeAnyValue(writer, collectBody(body, redactor, report, this.#budget));
    else {
      this.#walk.begin(this.#tries.ofBodies(redactor), report);
      this.#walk.body(body);
    }
    // Nothing was written for null, and only for null.
    if (writer.length === mark + 1) writer.cutTo(start);
    else writer.end(mark);
  }
}
