/**
 * From the values of a log call straight to the bytes of its line (§1.5), sorted and redacted: what
 * `toDagstackJsonl(withObservedTime(buildRecord(…)))` says, byte for byte, without the record, its copies and the text.
 *
 *   line-encoder  the members of a line; what one logger's lines have in common is encoded once
 *   line-walk     the values: the common ones directly, all others as the record has them
 *   value-reader  reads the values, for the lines and for OTLP
 *   key-trie      the order of keys and which are secret, remembered from line to line
 *   byte-writer   the bytes
 *
 * What is remembered is bounded and never shows in a line.
 */

import { severityText } from "../../options/index.ts";
import type { CoercionReport, InstrumentationScope, Resource } from "../../record/index.ts";
import {
  collectAttributes,
  collectBody,
  DEFAULT_MAX_RECORD_BYTES,
  type RecordDraft,
  WalkBudget,
} from "../../record/index.ts";
import type { Redactor } from "../../redaction/index.ts";
import { type Clock, readWallTime, type WallTime } from "../../sink/index.ts";
import type { BoundLayer } from "../encoder/index.ts";
import {
  arePlain,
  ByteWriter,
  canonicalJson,
  type Frame,
  FrameCache,
  isPrototypePolluted,
  KeyTries,
  LINE_TOO_LONG,
  Token,
} from "../encoder/index.ts";
import { resourceJson, scopeJson } from "./dagstack-jsonl.ts";
import { LineWalk } from "./line-walk.ts";

/** A record before its values are looked at. */
export interface LineDraft extends Omit<RecordDraft, "timeUnixNano" | "bound"> {
  readonly time: WallTime;
  /** What `bound` is in a `RecordDraft`. */
  readonly layers: readonly BoundLayer[];
}

const ATTRIBUTES = /* @__PURE__ */ new Token('{"attributes":');
const NEXT_BODY = /* @__PURE__ */ new Token(',"body":');
const FIRST_BODY = /* @__PURE__ */ new Token('{"body":');
const SPAN_ID = /* @__PURE__ */ new Token(',"span_id":');
const TIME = /* @__PURE__ */ new Token(',"time_unix_nano":');
const TRACE_FLAGS = /* @__PURE__ */ new Token(',"trace_flags":');
const TRACE_ID = /* @__PURE__ */ new Token(',"trace_id":');
const END_BRACE = 0x7d;

/** Room for estimates that are too high, and for resource and scope, before a line is given up as too long. */
const LIMIT_FACTOR = 4;
const LIMIT_MARGIN = 65_536;

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

/** Encodes one line at a time. */
export class LineEncoder {
  readonly #writer = new ByteWriter();
  readonly #budget = new WalkBudget(DEFAULT_MAX_RECORD_BYTES);
  readonly #walk = new LineWalk(this.#writer, this.#budget);
  readonly #frames = new FrameCache((scope, resource) => new LineFrame(scope, resource));
  readonly #tries = new KeyTries();
  readonly #observed: WallTime = { ms: 0, nanos: 0 };
  #isBusy = false;

  /** Whether a line was encoded and not released: then the encoder must not be used. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * The line of a record, without line end. The bytes are valid until `release`, which must follow, also when this
   * throws: it does for a scope or resource that holds something that is no `Value`. Callers' values never make it throw.
   * `undefined` when something was left out, or the line is longer than `maxBytes`: what is cut, only the record tells.
   *
   * @param clock is read for the observed time when the values have been (D-14).
   */
  encode(draft: LineDraft, clock: Clock, redactor: Redactor, report: CoercionReport): Uint8Array | undefined {
    this.#isBusy = true;
    const { maxBytes = DEFAULT_MAX_RECORD_BYTES } = draft;
    try {
      this.#writer.begin(maxBytes * LIMIT_FACTOR + LIMIT_MARGIN);
      this.#budget.reset(maxBytes);
      this.#line(draft, clock, redactor, report);
    } catch (error) {
      if (error !== LINE_TOO_LONG) throw error;
      this.#walk.reset();
      return undefined;
    }
    return this.#writer.pos > maxBytes || this.#budget.cutBytes > 0 ? undefined : this.#writer.line();
  }

  #line(draft: LineDraft, clock: Clock, redactor: Redactor, report: CoercionReport): void {
    const writer = this.#writer;
    const frame = this.#frames.of(draft.instrumentationScope, draft.resource);
    writer.token(ATTRIBUTES);
    if (this.#attributes(draft, redactor, report)) {
      writer.token(NEXT_BODY);
    } else {
      writer.pos = 0;
      writer.token(FIRST_BODY);
    }
    this.#body(draft, redactor, report);
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

  /** The bytes of the last line are not needed any more. */
  release(): void {
    this.#isBusy = false;
  }

  /** False when there are none. */
  #attributes(draft: LineDraft, redactor: Redactor, report: CoercionReport): boolean {
    const { layers, attributes } = draft;
    if (!isPrototypePolluted() && arePlain(attributes)) {
      this.#walk.begin(this.#tries.of(redactor), report);
      return this.#walk.attributes(layers, attributes);
    }
    const bound = layers.map((layer) => layer.attributes);
    const collected = canonicalJson(collectAttributes(bound, attributes, redactor, report, this.#budget));
    this.#writer.text(collected);
    return collected !== "{}";
  }

  #body(draft: LineDraft, redactor: Redactor, report: CoercionReport): void {
    const { body } = draft;
    if (typeof body === "string" && this.#writer.string(body)) return;
    if (isPrototypePolluted()) {
      this.#writer.text(canonicalJson(collectBody(body, redactor, report, this.#budget)));
      return;
    }
    this.#walk.begin(this.#tries.ofBodies(redactor), report);
    this.#walk.body(body);
  }
}
