import { severityText } from "../../options/index.ts";
import type { InstrumentationScope, Resource } from "../../record/index.ts";
import type { Redactor } from "../../redaction/index.ts";
import { type Clock, readWallTime, type WallTime } from "../../sink/index.ts";
import type { CoercionReport } from "../../value/index.ts";
import { type EncoderDraft, type Frame, FrameCache, RecordEncoder, Token } from "../encoder/index.ts";
import { resourceJson, scopeJson } from "./dagstack-jsonl.ts";
import { JsonWriter } from "./json-writer.ts";
import { LineValues } from "./line-values.ts";

const ATTRIBUTES = /* @__PURE__ */ new Token('{"attributes":');
const NEXT_BODY = /* @__PURE__ */ new Token(',"body":');
const FIRST_BODY = /* @__PURE__ */ new Token('{"body":');
const SPAN_ID = /* @__PURE__ */ new Token(',"span_id":');
const TIME = /* @__PURE__ */ new Token(',"time_unix_nano":');
const TRACE_FLAGS = /* @__PURE__ */ new Token(',"trace_flags":');
const TRACE_ID = /* @__PURE__ */ new Token(',"trace_id":');
const END_BRACE = 0x7d;
const EMPTY_MAP_LENGTH = 2;

/** The members that all lines of a scope and a resource have in common. */
class LineFrame implements Frame {
  readonly scope: InstrumentationScope;
  readonly resource: Resource | null;
  /** What stands between the body and the observed time. */
  readonly beforeObserved: Token;
  readonly #resourceJson: string;
  readonly #severities: Token[] = [];

  constructor(scope: InstrumentationScope, resource: Resource | null) {
    this.scope = scope;
    this.resource = resource;
    this.beforeObserved = new Token(`,"instrumentation_scope":${scopeJson(scope)},"observed_time_unix_nano":`);
    this.#resourceJson = resourceJson(resource);
  }

  /** What stands between the observed time and the trace. */
  afterObserved(severityNumber: number): Token {
    this.#severities[severityNumber] ??= new Token(
      `${this.#resourceJson},"severity_number":${severityNumber},"severity_text":"${severityText(severityNumber)}"`,
    );
    return this.#severities[severityNumber];
  }
}

/** Encodes records as lines of canonical JSON (§1.5), without line end. */
export class LineEncoder extends RecordEncoder {
  readonly #writer: JsonWriter;
  readonly #frames = new FrameCache((scope, resource) => new LineFrame(scope, resource));
  readonly #observed: WallTime = { ms: 0, nanos: 0 };

  constructor() {
    const writer = new JsonWriter();
    super(new LineValues(writer), 1);
    this.#writer = writer;
  }

  protected override write(draft: EncoderDraft, clock: Clock, redactor: Redactor, report: CoercionReport): void {
    const writer = this.#writer;
    const frame = this.#frames.of(draft.instrumentationScope, draft.resource);
    writer.token(ATTRIBUTES);
    const { pos } = writer;
    this.attributes(draft, redactor, report);
    if (writer.pos > pos + EMPTY_MAP_LENGTH) {
      writer.token(NEXT_BODY);
    } else {
      writer.pos = 0;
      writer.token(FIRST_BODY);
    }
    this.body(draft.body, redactor, report);
    writer.token(frame.beforeObserved);
    readWallTime(clock, this.#observed);
    writer.time(this.#observed);
    writer.token(frame.afterObserved(draft.severityNumber));
    const { spanId, traceFlags, traceId } = draft;
    if (spanId !== null) {
      writer.token(SPAN_ID);
      writer.string(spanId);
    }
    writer.token(TIME);
    writer.time(draft.time);
    if (traceFlags !== 0) {
      writer.token(TRACE_FLAGS);
      writer.number(traceFlags);
    }
    if (traceId !== null) {
      writer.token(TRACE_ID);
      writer.string(traceId);
    }
    writer.byte(END_BRACE);
  }
}
