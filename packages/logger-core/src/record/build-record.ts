/** Building the one immutable record that all sinks share (§1.4). */

import { severityText } from "../options/index.ts";
import type { Redactor } from "../redaction/index.ts";
import {
  type Attributes,
  type CoercionReport,
  DEFAULT_MAX_RECORD_BYTES,
  isErrorSafe,
  isList,
  isPlain,
  isWellFormed,
  type MutableMap,
  setMember,
  type Value,
  ValueWalk,
  WalkBudget,
} from "../value/index.ts";
import { exceptionAttributes } from "./exception-attributes.ts";
import type { InstrumentationScope, LogRecord, Resource } from "./record.ts";
import { attributeBytes, limitContent, type RecordContent } from "./record-limit.ts";

/** A record before its values are copied, normalised and redacted. */
export interface RecordDraft {
  readonly timeUnixNano: bigint;
  /** 1 to 24. */
  readonly severityNumber: number;
  readonly body: unknown;
  /** Already normalised and redacted by the same redactor, weakest first; they are copied. */
  readonly bound: readonly Attributes[];
  /** Attribute maps of any shape, stronger than `bound`, weakest first. */
  readonly attributes: readonly unknown[];
  readonly resource: Resource | null;
  readonly instrumentationScope: InstrumentationScope;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly traceFlags: number;
  /**
   * What body and attributes may take as JSON, in bytes of UTF-8; what is larger is cut, and `dagstack.truncated_bytes`
   * says by how much. Default 262 144 (256 KiB).
   */
  readonly maxBytes?: number | undefined;
}

const ignoreReport: CoercionReport = () => {};

/** Under this key an attribute argument that is no map is kept. */
const ARGUMENT_KEY = "dagstack.argument";

function addLayer(
  target: MutableMap,
  walk: ValueWalk,
  input: unknown,
  redactor: Redactor | null,
  report: CoercionReport,
): void {
  if (input === undefined || input === null) return;
  if (!isPlain(input) && isErrorSafe(input)) {
    walk.addEntries(target, exceptionAttributes(input, redactor, report));
  } else if (typeof input !== "object" || isList(input) || !walk.addEntries(target, input)) {
    report("attributes_not_a_map", "");
    walk.addEntry(target, ARGUMENT_KEY, input);
  }
}

/**
 * A private, frozen copy of attribute maps of any shape, normalised and redacted (§1.4, §10); later maps win, key by
 * key, except that `undefined` leaves what is there. An Error becomes `exception.*` attributes; anything else that is
 * no map is kept under `dagstack.argument`. Never throws.
 *
 * @param redactor `null` masks nothing.
 */
export function buildAttributes(
  inputs: readonly unknown[],
  redactor: Redactor | null,
  report: CoercionReport = ignoreReport,
): Attributes {
  const budget = new WalkBudget(DEFAULT_MAX_RECORD_BYTES);
  const attributes = collectAttributes([], inputs, redactor, report, budget);
  if (budget.cutBytes > 0) report("truncated", "");
  return attributes;
}

/** The attributes of a record (§1.4), frozen; `bound` as in `RecordDraft`. */
export function collectAttributes(
  bound: readonly Attributes[],
  inputs: readonly unknown[],
  redactor: Redactor | null,
  report: CoercionReport,
  budget: WalkBudget,
): Attributes {
  const walk = new ValueWalk(redactor, report, budget);
  const layers: MutableMap[] = [];
  for (let at = inputs.length - 1; at >= 0; at--) {
    const layer: MutableMap = {};
    walk.beginLayer(layer, layers);
    addLayer(layer, walk, inputs[at], redactor, report);
    layers.push(layer);
  }
  return Object.freeze(merged([...bound, ...layers.reverse()]));
}

function merged(layers: readonly Attributes[]): MutableMap {
  const target: MutableMap = {};
  for (const layer of layers) for (const key of Object.keys(layer)) setMember(target, key, layer[key] as Value);
  return target;
}

/** A private, frozen copy of a body of any shape, normalised; its keys are masked only where the redactor says so. */
export function buildBody(input: unknown, redactor: Redactor | null, report: CoercionReport = ignoreReport): Value {
  return collectBody(input, redactor, report, new WalkBudget(DEFAULT_MAX_RECORD_BYTES));
}

/** The body of a record (§1.4), frozen. */
export function collectBody(
  input: unknown,
  redactor: Redactor | null,
  report: CoercionReport,
  budget: WalkBudget,
): Value {
  const text = typeof input === "string" ? budget.takeText(redactor?.text(input) ?? input) : input;
  if (typeof text === "string" && isWellFormed(text)) return text;
  return new ValueWalk(redactor?.masksBodies === true ? redactor : null, report, budget).body(text);
}

/** Builds the record: one walk that copies, normalises and redacts (§1.4). Never throws. */
export function buildRecord(draft: RecordDraft, redactor: Redactor, report: CoercionReport = ignoreReport): LogRecord {
  const { body, attributes } = buildContent(draft, redactor, report);
  return Object.freeze({
    timeUnixNano: draft.timeUnixNano,
    observedTimeUnixNano: null,
    severityNumber: draft.severityNumber,
    severityText: severityText(draft.severityNumber),
    body,
    attributes,
    resource: draft.resource,
    instrumentationScope: draft.instrumentationScope,
    traceId: draft.traceId,
    spanId: draft.spanId,
    traceFlags: draft.traceFlags,
  });
}

function buildContent(draft: RecordDraft, redactor: Redactor, report: CoercionReport): RecordContent {
  const { bound, maxBytes = DEFAULT_MAX_RECORD_BYTES } = draft;
  const budget = new WalkBudget(maxBytes);
  const content = {
    body: collectBody(draft.body, redactor, report, budget),
    attributes: collectAttributes(bound, draft.attributes, redactor, report, budget),
  };
  let most = budget.weight;
  for (const layer of bound) most += attributeBytes(layer);
  if (most <= maxBytes && budget.cutBytes === 0) return content;
  const limited = limitContent(content, maxBytes, budget.cutBytes);
  if (limited !== content) report("truncated", "");
  return limited;
}
