import type { LogRecord, Value } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { OtlpJsonTranscoder, toOtlpJson } from "@dagstack/logger-core/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupsOf } from "../src/packed-records.ts";
import { packed } from "./packed.ts";

const transcoder = new OtlpJsonTranscoder();
const written = (...records: readonly LogRecord[]): string =>
  new TextDecoder().decode(transcoder.write(groupsOf(packed(records))));

describe("JSON made of records that wait in protobuf is byte for byte toOtlpJson", () => {
  it.each<[string, Partial<LogRecord>]>([
    ["nothing but what must be", { body: null }],
    ["times at their limits", { timeUnixNano: 2n ** 64n - 1n, observedTimeUnixNano: 1n }],
    ["no time", { timeUnixNano: 0n, observedTimeUnixNano: null }],
    ["a second, exactly", { timeUnixNano: 1_000_000_000n, observedTimeUnixNano: 999_999_999n }],
    [
      "small nanoseconds",
      { timeUnixNano: 1_700_000_000_000_000_001n, observedTimeUnixNano: 1_700_000_000_000_000_000n },
    ],
    ["all of a span", { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 255 }],
    ["a scope without a name", { instrumentationScope: { name: "", version: "", attributes: {} } }],
    ["a whole scope", { instrumentationScope: { name: "a", version: "1.0", attributes: { b: [1], a: "x" } } }],
    ["no resource", { resource: null }],
    ["an empty resource", { resource: { attributes: {} } }],
    ["an empty severity text", { severityText: "" as never }],
    ["empty keys and strings", { body: "", attributes: { "": "", a: null } }],
    ["empty lists and maps", { body: {}, attributes: { list: [], map: {}, nested: [[], {}, [[null]]] } }],
    ["escapes", { body: '"\\\b\f\n\r\t\u0000\u001f\u007f\u2028é😀', attributes: { 'k"\n': "v\\" } }],
    ["keys out of order", { attributes: { b: 1, a: 2, Ä: 3, "😀": 4, Z: 5 } }],
    ["a long string", { body: `${"é".repeat(50_000)}\n` }],
  ])("%s", (_, parts) => {
    const record = testRecord(parts);
    expect(written(record)).toBe(toOtlpJson([record]));
  });

  it.each<Value>([
    ...[0, -0, 1, -1, 127, 128, 2 ** 31, 2 ** 48, 2 ** 49, -(2 ** 49), 2 ** 53, 2 ** 62, -(2 ** 63), 2 ** 63, 2 ** 64],
    ...[0.5, -0.1, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, 123456789.125],
    ...[0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 10n ** 30n],
    ...[true, false, null],
  ])("the value %s", (value) => {
    const record = testRecord({ body: value, attributes: { v: value, list: [value, [value]], map: { value } } });
    expect(written(record)).toBe(toOtlpJson([record]));
  });

  it("groups by resource, then scope, in order of first appearance", () => {
    const of = (n: number, service: string | null, scope: string): LogRecord =>
      testRecord({
        body: n,
        resource: service === null ? null : { attributes: { "service.name": service } },
        instrumentationScope: { name: scope, version: null, attributes: {} },
      });
    const records = [
      of(1, "a", "x"),
      of(2, "b", "x"),
      of(3, "a", "y"),
      of(4, null, "x"),
      of(5, "a", "x"),
      of(6, "b", "x"),
    ];
    expect(written(...records)).toBe(toOtlpJson(records));
  });

  const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie("value"), { maxLength: 5 }),
      fc.dictionary(fc.string({ unit: "binary", maxLength: 8 }), tie("value"), { maxKeys: 5 }),
    ),
  })).value;

  it("any records, of any values, times and ids", () => {
    const time = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
    const hex = (digits: number) =>
      fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
    const record = fc
      .record({
        timeUnixNano: time,
        observedTimeUnixNano: time,
        severityNumber: fc.integer({ min: 1, max: 24 }),
        body: value,
        attributes: fc.dictionary(fc.string({ unit: "binary", maxLength: 8 }), value, { maxKeys: 6 }),
        traceId: fc.option(hex(32)),
        spanId: fc.option(hex(16)),
        traceFlags: fc.integer({ min: 0, max: 255 }),
      })
      .map((parts) => testRecord(parts));
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        expect(written(...records)).toBe(toOtlpJson(records));
      }),
      { numRuns: 500 },
    );
  });

  it("a request after a very large one, which memory is not kept for", () => {
    const large = testRecord({ body: "\u0001".repeat(1_500_000) });
    expect(written(large)).toBe(toOtlpJson([large]));
    const small = testRecord({ body: "x" });
    expect(written(small)).toBe(toOtlpJson([small]));
  });
});
