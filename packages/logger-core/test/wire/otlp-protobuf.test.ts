import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../src/record/record.ts";
import { parseOtlpJson, parseOtlpProtobuf, testRecord } from "../../src/testing/index.ts";
import type { Value } from "../../src/value/index.ts";
import { toOtlpJson, toOtlpProtobuf } from "../../src/wire/index.ts";

function bodyAfterRoundTrip(body: Value): Value | undefined {
  return parseOtlpProtobuf(toOtlpProtobuf([testRecord({ body })]))[0]?.body;
}

function hexOfBody(body: Value): string {
  return Buffer.from(toOtlpProtobuf([testRecord({ body })])).toString("hex");
}

describe("§1.7 OTLP protobuf", () => {
  it("writes no bytes for no records", () => {
    expect(toOtlpProtobuf([])).toEqual(new Uint8Array(0));
  });

  // Where a length takes one byte more, and where a short text becomes a long one.
  for (const length of [0, 1, 63, 64, 65, 126, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152]) {
    it(`writes a string of ${length} bytes`, () => {
      const body = "0123456789".repeat(length / 10 + 1).slice(0, length);
      expect(bodyAfterRoundTrip(body)).toBe(body);
    });
  }

  it("writes text of every width of UTF-8, short and long", () => {
    for (const repeat of [1, 10, 100, 5_000]) {
      const body = "aé€😀".repeat(repeat);
      expect(bodyAfterRoundTrip(body)).toBe(body);
    }
  });

  it("writes a negative int64 as ten bytes of two's complement", () => {
    expect(hexOfBody(-1)).toContain("18ffffffffffffffffff01");
    expect(hexOfBody(-(2n ** 63n))).toContain("1880808080808080808001");
  });

  it("writes the same integer alike as number and as bigint", () => {
    for (const integer of [0, 1, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, -1, -(2 ** 63)]) {
      expect(hexOfBody(integer)).toBe(hexOfBody(BigInt(integer)));
    }
  });

  it("groups as OTLP JSON does", () => {
    const records: LogRecord[] = [];
    for (const [index, id] of [1, 2, 1, null, 2, null].entries()) {
      const resource = id === null ? null : { attributes: { id } };
      const instrumentationScope = { name: index % 4 === 0 ? "a" : "b", version: null, attributes: {} };
      records.push(testRecord({ body: index, resource, instrumentationScope }));
    }
    const bodies = parseOtlpProtobuf(toOtlpProtobuf(records)).map(({ body }) => body);
    expect(bodies).toEqual(parseOtlpJson(toOtlpJson(records)).map(({ body }) => body));
    expect(bodies).toEqual([0, 2, 1, 4, 3, 5]);
  });

  it("leaves out attributes and a resource that hold only undefined, as a foreign record may", () => {
    const attributes = { a: undefined } as unknown as Record<string, string>;
    const bytes = toOtlpProtobuf([testRecord({ attributes, resource: { attributes } })]);
    expect(bytes).toEqual(toOtlpProtobuf([testRecord()]));
  });

  it("writes a bigint beyond int64, which no builder makes, as text of its digits (D-04)", () => {
    expect(bodyAfterRoundTrip(2n ** 63n)).toBe("9223372036854775808");
  });

  for (const [name, value] of Object.entries({
    NaN: Number.NaN,
    Infinity: [Number.POSITIVE_INFINITY],
    "a lone surrogate": "\ud800",
    "a lone surrogate in a long text": `${"x".repeat(100)}\udc00`,
    "a hole in a list": new Array(1),
    "a Date": new Date(0),
    "a function": () => 1,
  })) {
    it(`refuses ${name}, as the dagstack line does`, () => {
      const attributes = { a: value as unknown as Value };
      expect(() => toOtlpProtobuf([testRecord({ attributes })])).toThrow(TypeError);
    });
  }

  it("refuses a circular value", () => {
    const circular: Record<string, Value> = {};
    circular.self = [circular];
    expect(() => toOtlpProtobuf([testRecord({ body: circular })])).toThrow(/circular/);
  });
});
