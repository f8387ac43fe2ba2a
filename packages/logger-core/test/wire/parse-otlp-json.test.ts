import { describe, expect, it } from "vitest";
import { WireFormatError } from "../../src/options/errors.ts";
import { parseOtlpJson } from "../../src/testing/index.ts";

/** The member that the refusal of a request names, or "read" when it is not refused. */
function refusal(request: unknown): string {
  try {
    parseOtlpJson(typeof request === "string" ? request : JSON.stringify(request));
    return "read";
  } catch (error) {
    if (error instanceof WireFormatError) return error.member;
    throw error;
  }
}

const minimal = { severityNumber: 9, severityText: "INFO", timeUnixNano: "1" };

/** A request with one record, with other or more members. */
function request(members: object = {}, scope: unknown = { name: "a" }, resource?: unknown): object {
  return { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [{ ...minimal, ...members }] }] }] };
}

function read(members: object): ReturnType<typeof parseOtlpJson>[number] | undefined {
  return parseOtlpJson(JSON.stringify(request(members)))[0];
}

function attribute(value: unknown): object {
  return { attributes: [{ key: "a", value }] };
}

const traceId = "0af7651916cd43dd8448eb211c80319c";

describe("§1.6 reading OTLP JSON", () => {
  for (const [name, text, member] of [
    ["no JSON", "{", "json"],
    ["a list", [], "object"],
    ["resourceLogs that are no list", { resourceLogs: {} }, "resourceLogs"],
    ["scopeLogs that are no list", { resourceLogs: [{ scopeLogs: 1 }] }, "scopeLogs"],
    [
      "a record that is no object",
      { resourceLogs: [{ scopeLogs: [{ scope: { name: "a" }, logRecords: [1] }] }] },
      "logRecords",
    ],
    ["no scope", request({}, null), "scope"],
    ["a scope without a name", request({}, {}), "scope"],
    ["a scope version that is a number", request({}, { name: "a", version: 1 }), "scope"],
    ["a resource that is no object", request({}, undefined, []), "resource"],
    ["a severity number of 0", request({ severityNumber: 0 }), "severityNumber"],
    ["a severity text of another range", request({ severityText: "WARN" }), "severityText"],
    ["a time that is no integer", request({ timeUnixNano: "1.5" }), "timeUnixNano"],
    ["a time that is a list", request({ timeUnixNano: ["1"] }), "timeUnixNano"],
    [
      "an observed time beyond uint64",
      request({ observedTimeUnixNano: "18446744073709551616" }),
      "observedTimeUnixNano",
    ],
    ["a trace id of 31 digits", request({ traceId: traceId.slice(1) }), "traceId"],
    ["a span without a trace", request({ spanId: "b7ad6b7169203331" }), "spanId"],
    ["flags without a trace", request({ flags: 1 }), "flags"],
    ["attributes that are a map", request({ attributes: { a: 1 } }), "attributes"],
    ["a key that is a number", request({ attributes: [{ key: 1 }] }), "attributes"],
    ["a key that is there twice", request({ attributes: [{ key: "a" }, { key: "a" }] }), "duplicate"],
    ["a value of two kinds", request(attribute({ intValue: "1", boolValue: true })), "attributes"],
    ["a value of an unknown kind", request(attribute({ uintValue: "1" })), "attributes"],
    ["byte values", request(attribute({ bytesValue: "AA==" })), "attributes"],
    ["an intValue beyond int64", request(attribute({ intValue: "9223372036854775808" })), "attributes"],
    ["an intValue with a point", request(attribute({ intValue: 1.5 })), "attributes"],
    ["a stringValue that is a number", request(attribute({ stringValue: 1 })), "attributes"],
    ["a boolValue that is text", request(attribute({ boolValue: "true" })), "attributes"],
    ["a doubleValue that is not finite", request(attribute({ doubleValue: "NaN" })), "attributes"],
    ["a body that is no AnyValue", request({ body: "x" }), "body"],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(refusal(text)).toBe(member);
    });
  }

  it("skips unknown members, as OTLP asks of receivers", () => {
    const record = { droppedAttributesCount: 0, eventName: "e" };
    expect(refusal(request(record, { name: "a", droppedAttributesCount: 0 }, { schemaUrl: "" }))).toBe("read");
  });

  it("reads 64-bit integers as text or number", () => {
    expect(read({ timeUnixNano: 5, ...attribute({ intValue: 7 }) })).toMatchObject({
      timeUnixNano: 5n,
      attributes: { a: 7 },
    });
  });

  it("reads an intValue beyond 2^53 as a bigint", () => {
    expect(read(attribute({ intValue: "-9007199254740993" }))?.attributes).toEqual({ a: -9007199254740993n });
  });

  it("reads a doubleValue that is a long integer token as a number", () => {
    expect(
      parseOtlpJson(
        JSON.stringify(request()).replace('"severityNumber"', '"body":{"doubleValue":9223372036854775808},$&'),
      )[0]?.body,
    ).toBe(2 ** 63);
  });

  it("takes the low eight bits of flags, and empty ids for absent ones", () => {
    expect(read({ traceId, flags: 0x301 })?.traceFlags).toBe(1);
    expect(read({ traceId: "", spanId: "" })).toMatchObject({ traceId: null, spanId: null });
  });

  it("gives null, 0 or an empty map for every member that is absent (§1.1)", () => {
    expect(parseOtlpJson(JSON.stringify(request({ timeUnixNano: undefined })))).toEqual([
      {
        timeUnixNano: 0n,
        observedTimeUnixNano: null,
        severityNumber: 9,
        severityText: "INFO",
        body: null,
        attributes: {},
        resource: null,
        instrumentationScope: { name: "a", version: null, attributes: {} },
        traceId: null,
        spanId: null,
        traceFlags: 0,
      },
    ]);
  });

  it("reads a request without any records", () => {
    expect(parseOtlpJson("{}")).toEqual([]);
  });
});
