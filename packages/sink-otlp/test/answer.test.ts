import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rejectedRecords } from "../src/answer.ts";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json; charset=utf-8";
const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe("rejectedRecords", () => {
  it.each([
    ["no body", bytes(), 0],
    ["an empty partial success", bytes(0x0a, 0), 0],
    ["7", bytes(0x0a, 2, 0x08, 7), 7],
    ["300 and a message", bytes(0x0a, 7, 0x08, 0xac, 0x02, 0x12, 2, 0x68, 0x69), 300],
    ["unknown fields around it", bytes(0x50, 1, 0x0a, 2, 0x08, 7, 0x5d, 0, 0, 0, 0, 0x61, 0, 0, 0, 0, 0, 0, 0, 0), 7],
    ["-1", bytes(0x0a, 11, 0x08, ...Array(9).fill(0xff), 0x01), -1],
  ])("protobuf: %s", (_, body, count) => {
    expect(rejectedRecords(body, PROTOBUF)).toBe(count);
  });

  it.each([
    ["{}", {}, 0],
    ["null", { partialSuccess: null }, 0],
    ["no count", { partialSuccess: { errorMessage: "a warning" } }, 0],
    ["a string", { partialSuccess: { rejectedLogRecords: "7" } }, 7],
    ["a number", { partialSuccess: { rejectedLogRecords: 7 } }, 7],
    ["snake case", { partial_success: { rejected_log_records: "7" } }, 7],
    ["unknown members", { more: 1, partialSuccess: { rejectedLogRecords: 7, more: {} } }, 7],
  ])("JSON: %s", (_, value, count) => {
    expect(rejectedRecords(text(value), JSON_TYPE)).toBe(count);
  });

  it.each([
    ["HTML as JSON", new TextEncoder().encode("<html>"), JSON_TYPE],
    ["HTML as protobuf", new TextEncoder().encode("<html>"), PROTOBUF],
    ["a list", text([]), JSON_TYPE],
    ["null", text(null), JSON_TYPE],
    ["a count that is none", text({ partialSuccess: { rejectedLogRecords: "many" } }), JSON_TYPE],
    ["a partial success that is none", text({ partialSuccess: 5 }), JSON_TYPE],
    ["bytes that end early", bytes(0x0a, 5, 0x08), PROTOBUF],
    ["an endless varint", bytes(...Array(12).fill(0xff)), PROTOBUF],
    ["field 0", bytes(0x00, 0x00), PROTOBUF],
    ["a group", bytes(0x0b), PROTOBUF],
  ])("is undefined for %s", (_, body, type) => {
    expect(rejectedRecords(body, type)).toBeUndefined();
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(PROTOBUF, JSON_TYPE, ""), (body, type) => {
        const count = rejectedRecords(body, type);
        expect(["number", "undefined"]).toContain(typeof count);
      }),
    );
  });
});
