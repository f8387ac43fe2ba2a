import * as fc from "fast-check";
import { severityText } from "../../src/options/severity.ts";
import type { InstrumentationScope, LogRecord } from "../../src/record/record.ts";
import type { Attributes, Value } from "../../src/value/index.ts";

/** Well-formed strings of any code point, with the ones that formats trip over made frequent. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom(
      ...'a"\\/\n\r\t\b\f =|[]{}',
      ..."\u0000\u001b\u007f\u0085\u009b\u061c\u200e\u2028\u2029\u202e\u2066\ufeff\uffff",
      "\u{1f600}",
      "\u{10ffff}",
    ),
    maxLength: 12,
  }),
  fc.constantFrom("__proto__", "constructor", "exception.stacktrace", "toJSON", ""),
);

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0 || 0),
  fc.maxSafeInteger(),
  fc.integer({ min: -200, max: 200 }),
  fc.constantFrom(2 ** 53, 2 ** 60, -(2 ** 63), 2 ** 63, 1e21, 1e-7, 5e-324, 1.7976931348623157e308),
);

function mapOf(value: fc.Arbitrary<Value>): fc.Arbitrary<Attributes> {
  return fc.dictionary(text, value, { maxKeys: 5 });
}

/** Any `Value`, as a built record holds them: bigints within int64, no lone surrogate, no -0. */
export const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    number,
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    mapOf(tie("value")),
  ),
})).value;

/** Attribute maps of any content. */
export const attributes: fc.Arbitrary<Attributes> = mapOf(value);

const time = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(0n, 1n, 2n ** 64n - 1n));
const id = (length: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length })
    .filter((digits) => /[^0]/.test(digits));

const trace: fc.Arbitrary<Pick<LogRecord, "traceId" | "spanId" | "traceFlags">> = fc.oneof(
  fc.constant({ traceId: null, spanId: null, traceFlags: 0 }),
  fc.record({ traceId: id(32), spanId: fc.option(id(16)), traceFlags: fc.integer({ min: 0, max: 255 }) }),
);

const scope: fc.Arbitrary<InstrumentationScope> = fc.record({
  name: text.filter((name) => name !== ""),
  version: fc.option(text),
  attributes: fc.oneof(fc.constant({}), attributes),
});

/** Any record that the builder could make, observed or not. */
export const record: fc.Arbitrary<LogRecord> = fc
  .record({
    timeUnixNano: time,
    observedTimeUnixNano: fc.option(time),
    severityNumber: fc.integer({ min: 1, max: 24 }),
    body: value,
    attributes,
    resource: fc.option(fc.record({ attributes })),
    instrumentationScope: scope,
    trace,
  })
  .map(({ trace: { traceId, spanId, traceFlags }, ...rest }) => ({
    ...rest,
    severityText: severityText(rest.severityNumber),
    traceId,
    spanId,
    traceFlags,
  }));
