import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogRecord, Resource } from "../../src/record/record.ts";
import { testRecord } from "../../src/testing/index.ts";
import type { Value } from "../../src/value/index.ts";
import { canonicalJson, toOtlpJson } from "../../src/wire/index.ts";
import { readJson } from "../../src/wire/line/json-reader.ts";
import { record } from "./arbitraries.ts";

function from(resource: Resource | null, scopeName: string, body: Value, version: string | null = null): LogRecord {
  return testRecord({ resource, instrumentationScope: { name: scopeName, version, attributes: {} }, body });
}

/** The bodies of a request by resource and scope. */
function layout(records: readonly LogRecord[]): unknown {
  const request = JSON.parse(toOtlpJson(records)) as {
    resourceLogs: { scopeLogs: { logRecords: { body: { stringValue: string } }[] }[] }[];
  };
  return request.resourceLogs.map(({ scopeLogs }) =>
    scopeLogs.map(({ logRecords }) => logRecords.map(({ body }) => body.stringValue)),
  );
}

function resource(id: Value): Resource {
  return { attributes: { "service.name": "shop", id } };
}

describe("§1.6 OTLP JSON", () => {
  it("is canonical JSON (D-11)", () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 4 }), (records) => {
        const text = toOtlpJson(records);
        expect(canonicalJson(readJson(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it("groups by resource, then scope, both by content and in order of first appearance", () => {
    const records = [
      from(resource(1), "b", "1"),
      from(resource(2), "b", "2"),
      from(resource(1), "a", "3"),
      from(resource(1), "b", "4"),
      from(null, "b", "5"),
      from(resource(2), "b", "6"),
      from({ attributes: {} }, "b", "7"),
    ];
    expect(layout(records)).toEqual([[["1", "4"], ["3"]], [["2", "6"]], [["5", "7"]]]);
  });

  it("groups records that share their resource and scope objects", () => {
    const shared = resource(1);
    const first = from(shared, "a", "1");
    const second = { ...first, body: "2" };
    expect(layout([first, second])).toEqual([[["1", "2"]]]);
  });

  it("keeps apart scopes that differ in version or attributes only", () => {
    const plain = from(null, "a", "1");
    const versioned = from(null, "a", "2", "1.0");
    const attributed = testRecord({
      body: "3",
      instrumentationScope: { name: "a", version: null, attributes: { k: 1 } },
    });
    expect(layout([plain, versioned, attributed])).toEqual([[["1"], ["2"], ["3"]]]);
  });

  it("keeps apart resources whose integers differ only beyond double precision", () => {
    const records = [from(resource(2 ** 60), "a", "1"), from(resource(1152921504606847000n), "a", "2")];
    expect(layout(records)).toEqual([[["1"]], [["2"]]]);
  });

  it("writes a bigint beyond int64, which no builder makes, as text of its digits (D-04)", () => {
    const attributes = { above: 2n ** 63n, below: -(2n ** 63n) - 1n };
    const text = toOtlpJson([testRecord({ attributes })]);
    expect(text).toContain('{"key":"above","value":{"stringValue":"9223372036854775808"}}');
    expect(text).toContain('{"key":"below","value":{"stringValue":"-9223372036854775809"}}');
  });

  it("writes an empty request for no records", () => {
    expect(toOtlpJson([])).toBe('{"resourceLogs":[]}');
  });

  for (const [name, value] of Object.entries({
    NaN: Number.NaN,
    Infinity: [Number.POSITIVE_INFINITY],
    "a lone surrogate": "\ud800",
    "a hole in a list": new Array(1),
    "a Date": new Date(0),
    "a function": () => 1,
  })) {
    it(`refuses ${name}, as the dagstack line does`, () => {
      const attributes = { a: value as unknown as Value };
      expect(() => toOtlpJson([testRecord({ attributes })])).toThrow(TypeError);
    });
  }

  it("refuses a circular value", () => {
    const circular: Record<string, Value> = {};
    circular.self = [circular];
    expect(() => toOtlpJson([testRecord({ body: circular })])).toThrow(/circular/);
  });
});
