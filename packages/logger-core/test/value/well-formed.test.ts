import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";

const native = { isWellFormed: String.prototype.isWellFormed, toWellFormed: String.prototype.toWellFormed };

afterEach(() => {
  Object.assign(String.prototype, native);
  vi.resetModules();
});

/** Loads core in a runtime without the methods of ES2024. */
async function withoutMethods(): Promise<typeof import("../../src/index.ts")> {
  vi.resetModules();
  Object.assign(String.prototype, { isWellFormed: undefined, toWellFormed: undefined });
  return import("../../src/index.ts");
}

describe("D-05: lone surrogates, in runtimes without String.prototype.isWellFormed too", () => {
  it("a record is what it is elsewhere", async () => {
    const values = { a: "\ud800", "\udc00": "x😀\udfff", b: "é", "😀": [1, "😀", "\ud83d\ud83d\ude00"] };
    const { buildAttributes, buildBody } = await import("../../src/index.ts");
    const expected = [buildAttributes([values], null), buildBody("\ud800x", null)];
    const old = await withoutMethods();
    expect([old.buildAttributes([values], null), old.buildBody("\ud800x", null)]).toStrictEqual(expected);
  });

  it("every wire writes it", async () => {
    const core = await withoutMethods();
    const wire = await import("../../src/wire/index.ts");
    const { testRecord } = await import("../../src/testing/index.ts");
    const record = testRecord({
      body: "😀".repeat(40),
      attributes: core.buildAttributes([{ "a\ud800": "\n\ud800" }], null),
    });
    expect(wire.toDagstackJsonl(record)).toContain("a\ufffd");
    expect(wire.toOtlpJson([record])).toContain("a\ufffd");
    expect(wire.toOtlpProtobuf([record]).length).toBeGreaterThan(160);
    for (const encoder of [new wire.LineEncoder(), new wire.OtlpRecordEncoder()]) {
      const { timeUnixNano: _, ...rest } = record;
      const draft = { ...rest, time: { ms: 1, nanos: 0 }, layers: [], attributes: [{ "a\ud800": "\ud800" }] };
      expect(encoder.encode(draft, core.systemClock, core.createRedactor(), () => {})).toBeDefined();
    }
  });

  it("taken away after loading, they are still there", async () => {
    const { buildBody } = await import("../../src/index.ts");
    Object.assign(String.prototype, { isWellFormed: undefined, toWellFormed: undefined });
    expect(buildBody("\ud800x", null)).toBe("\ufffdx");
  });

  it("the fallback agrees with the methods on any text", async () => {
    vi.resetModules();
    Object.assign(String.prototype, { isWellFormed: undefined, toWellFormed: undefined });
    const fallback = await import("../../src/value/well-formed.ts");
    Object.assign(String.prototype, native);
    const units = fc.string({ unit: fc.constantFrom("a", "é", "\ud83d", "\ude00", "😀", "\udfff", "\ud800") });
    fc.assert(
      fc.property(units, (text) => {
        expect(fallback.isWellFormed(text)).toBe(text.isWellFormed());
        expect(fallback.toWellFormed(text)).toBe(text.toWellFormed());
      }),
    );
  });
});
