import fc from "fast-check";
import { expect, test } from "vitest";
import { limitContent, limitRecord, TRUNCATED_BYTES_KEY } from "../../src/record/record-limit.ts";
import { testRecord } from "../../src/testing/index.ts";
import type { Attributes, Value } from "../../src/value/index.ts";
import { TRUNCATION_MARK } from "../../src/value/index.ts";
import { canonicalJson } from "../../src/wire/index.ts";

const bytes = (value: Value): number => new TextEncoder().encode(canonicalJson(value)).length;
const size = ({ body, attributes }: { body: Value; attributes: Attributes }): number => bytes(body) + bytes(attributes);
const MAX = 1024;

test("maxRecordBytes: what fits is the very same content", () => {
  const content = { body: "x".repeat(MAX - 4), attributes: {} };
  expect(limitContent(content, MAX)).toBe(content);
});

test("maxRecordBytes: one byte more is cut, and the attribute says how much went", () => {
  const content = { body: "x".repeat(MAX - 3), attributes: {} };
  const cut = limitContent(content, MAX);
  expect(size(cut)).toBeLessThanOrEqual(MAX);
  expect(cut.body).toMatch(/^x+…\[truncated\]$/);
  expect(cut.attributes[TRUNCATED_BYTES_KEY]).toBe(bytes(content.body) - bytes(cut.body));
});

test("maxRecordBytes: the longest strings are cut to one length, shorter ones stay whole", () => {
  const attributes = { a: "a".repeat(2000), b: "b".repeat(900), c: "c".repeat(50), n: 42 };
  const cut = limitContent({ body: "order placed", attributes }, MAX);
  expect(size(cut)).toBeLessThanOrEqual(MAX);
  expect(size(cut)).toBeGreaterThan(MAX - 64);
  expect([cut.body, cut.attributes.c, cut.attributes.n]).toEqual(["order placed", attributes.c, 42]);
  expect((cut.attributes.a as string).length).toBe((cut.attributes.b as string).length);
});

test("maxRecordBytes: a string is cut between characters, never inside one", () => {
  for (let extra = 0; extra < 4; extra++) {
    const cut = limitContent({ body: "x".repeat(extra) + "😀".repeat(1000), attributes: {} }, MAX);
    expect((cut.body as string).isWellFormed()).toBe(true);
    expect(cut.body).toMatch(/😀…\[truncated\]$/u);
  }
});

test("maxRecordBytes: a list too long keeps its beginning and ends in the mark", () => {
  const list = Array.from({ length: 5000 }, (_, index) => index);
  const { attributes } = limitContent({ body: "x", attributes: { list, after: "kept" } }, MAX);
  const cut = attributes.list as Value[];
  expect(cut.at(-1)).toBe(TRUNCATION_MARK);
  expect(cut.slice(0, -1)).toEqual(list.slice(0, cut.length - 1));
  expect(cut.length).toBeGreaterThan(100);
  expect(attributes.after).toBe("kept");
});

test("maxRecordBytes: a map with too many keys says how many went", () => {
  const map = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key${index}`, index]));
  const cut = limitContent({ body: map, attributes: {} }, MAX).body as Attributes;
  expect(cut[TRUNCATION_MARK]).toBe(1000 - (Object.keys(cut).length - 1));
});

test("maxRecordBytes: `__proto__` stays data", () => {
  const attributes = JSON.parse(`{"__proto__": {"x": 1}, "long": "${"x".repeat(2000)}"}`) as Attributes;
  const cut = limitContent({ body: null, attributes }, MAX).attributes;
  expect(Object.keys(cut)).toContain("__proto__");
});

test("maxRecordBytes: whatever the content, the result fits, is frozen and is well-formed", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 300 }).map((s) => s.toWellFormed()),
  );
  const value = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 60 }),
      fc.dictionary(text, tie("value"), { maxKeys: 40 }),
    ),
  })).value;
  fc.assert(
    fc.property(
      value,
      fc.dictionary(text, value, { maxKeys: 40 }),
      fc.integer({ min: 1024, max: 5000 }),
      (body, attributes, max) => {
        const content = { body, attributes: attributes as Attributes };
        const cut = limitContent(content, max);
        if (size(content) <= max) expect(cut).toBe(content);
        else {
          expect(size(cut)).toBeLessThanOrEqual(max);
          expect(cut.attributes[TRUNCATED_BYTES_KEY]).toBeGreaterThan(0);
          expect(Object.isFrozen(cut.attributes)).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("limitRecord: a record that fits is the same, a larger one a cut copy, and cuts add up", () => {
  const record = testRecord({ body: "x".repeat(3_000), attributes: { [TRUNCATED_BYTES_KEY]: 7, n: 1 } });
  expect(limitRecord(record, 4_000)).toBe(record);
  const cut = limitRecord(record, 1_024);
  expect(size(cut)).toBeLessThanOrEqual(1_024);
  expect(cut).toMatchObject({ severityNumber: record.severityNumber, timeUnixNano: record.timeUnixNano });
  expect(cut.attributes.n).toBe(1);
  expect(cut.attributes[TRUNCATED_BYTES_KEY]).toBeGreaterThan(3_000 - 1_024 + 7);
  expect(String(cut.body)).toMatch(/^x+…\[truncated\]$/);
});
