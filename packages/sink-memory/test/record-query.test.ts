import { type Attributes, ConfigError, type LogRecord } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";
import { InMemorySink, type RecordQuery } from "../src/index.ts";

/** Whether the query finds a record made of these parts. */
function finds(query: RecordQuery, parts: Partial<LogRecord>): boolean {
  const sink = new InMemorySink();
  sink.emit(testRecord(parts));
  return sink.find(query).length === 1;
}

const withAttributes = (attributes: Attributes): Partial<LogRecord> => ({ attributes });

describe("InMemorySink.find", () => {
  it("answers oldest first", () => {
    const sink = new InMemorySink({ capacity: 2 });
    for (const body of ["a", "b", "c"]) sink.emit(testRecord({ body }));
    expect(sink.find({}).map(({ body }) => body)).toEqual(["b", "c"]);
  });

  it("minSeverity takes level names and numbers", () => {
    expect(finds({ minSeverity: "WARN" }, { severityNumber: 13 })).toBe(true);
    expect(finds({ minSeverity: "WARN" }, { severityNumber: 12 })).toBe(false);
    expect(finds({ minSeverity: 17 }, { severityNumber: 17 })).toBe(true);
  });

  it("severityNumber is exact", () => {
    expect(finds({ severityNumber: 9 }, { severityNumber: 9 })).toBe(true);
    expect(finds({ severityNumber: 9 }, { severityNumber: 10 })).toBe(false);
  });

  it("severityNumber and minSeverity must both hold", () => {
    expect(finds({ severityNumber: 9, minSeverity: "error" }, { severityNumber: 9 })).toBe(false);
  });

  it("logger is the whole scope name", () => {
    expect(finds({ logger: "test" }, {})).toBe(true);
    expect(finds({ logger: "tes" }, {})).toBe(false);
  });

  it("body is a part of the text", () => {
    expect(finds({ body: "place" }, { body: "order placed" })).toBe(true);
    expect(finds({ body: "x" }, { body: "order placed" })).toBe(false);
  });

  it("body is a pattern", () => {
    expect(finds({ body: /^order/ }, { body: "order placed" })).toBe(true);
    expect(finds({ body: /^placed/ }, { body: "order placed" })).toBe(false);
  });

  it("a global pattern finds every record, not every other", () => {
    const sink = new InMemorySink();
    for (let i = 0; i < 4; i++) sink.emit(testRecord({ body: "order placed" }));
    expect(sink.find({ body: /placed/g })).toHaveLength(4);
  });

  it("a text or pattern never finds a structured body", () => {
    expect(finds({ body: "a" }, { body: { a: 1 } })).toBe(false);
    expect(finds({ body: /a/ }, { body: ["a"] })).toBe(false);
  });

  it("attributes are a subset of the record's", () => {
    expect(finds({ attributes: { a: 1 } }, withAttributes({ a: 1, b: 2 }))).toBe(true);
    expect(finds({ attributes: { a: 1, b: 2 } }, withAttributes({ a: 1 }))).toBe(false);
    expect(finds({ attributes: { a: 1 } }, withAttributes({ a: 2 }))).toBe(false);
  });

  it.each<[unknown, unknown, boolean]>([
    [{ x: [1, { y: null }] }, { x: [1, { y: null }] }, true],
    [{ x: 1 }, { x: 1, y: 2 }, false],
    [{ x: 1, y: 2 }, { x: 1 }, false],
    [{ x: 1 }, { y: 1 }, false],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [[], {}, false],
    [1, 1n, false],
    [5n, 5n, true],
    [null, {}, false],
    [{}, null, false],
    ["1", 1, false],
  ])("attribute values are equal in depth: %o and %o", (wanted, held, expected) => {
    expect(finds({ attributes: { k: wanted } as Attributes }, withAttributes({ k: held } as Attributes))).toBe(
      expected,
    );
  });

  it("an attribute that objects inherit is not there", () => {
    expect(finds({ attributes: { toString: Object.prototype.toString } as never }, withAttributes({}))).toBe(false);
    expect(finds({ attributes: { k: { toString: 1 } } }, withAttributes({ k: { valueOf: 1 } }))).toBe(false);
  });

  it("a key called __proto__ is a key", () => {
    const held = JSON.parse('{"k":{"__proto__":{}}}') as Attributes;
    expect(finds({ attributes: { k: { a: 1 } } }, withAttributes(held))).toBe(false);
    expect(finds({ attributes: held }, withAttributes(held))).toBe(true);
  });

  it("predicate sees the record", () => {
    expect(finds({ predicate: ({ traceId }) => traceId === null }, {})).toBe(true);
    expect(finds({ predicate: ({ traceId }) => traceId !== null }, {})).toBe(false);
  });

  it("every member must hold", () => {
    expect(finds({ logger: "test", body: "y" }, { body: "x" })).toBe(false);
  });

  it.each([
    ["an unknown member", { name: "x" }],
    ["a bad level", { minSeverity: "loud" }],
    ["a severity that is none", { severityNumber: 25 }],
    ["a logger that is no text", { logger: 1 }],
    ["a body that is neither text nor pattern", { body: 1 }],
    ["attributes that are no map", { attributes: [] }],
    ["null attributes", { attributes: null }],
    ["a predicate that is no function", { predicate: true }],
    ["a query that is no map", "x"],
  ])("refuses %s, so that a slip cannot match everything", (_, query) => {
    expect(() => new InMemorySink().find(query as RecordQuery)).toThrow(ConfigError);
  });

  it("lets an error of the predicate reach the caller", () => {
    const failing = (): never => {
      throw new Error("mine");
    };
    expect(() => finds({ predicate: failing }, {})).toThrow("mine");
  });
});
