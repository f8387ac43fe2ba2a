import { describe, expect, it } from "vitest";
import { estimateBytes, estimateRecordBytes } from "../../../src/delivery/queue/estimate-bytes.ts";
import { testRecord } from "../../../src/testing/index.ts";

describe("estimateBytes", () => {
  it("counts the characters of strings, keys included, and the bytes of byte arrays, at any depth", () => {
    const base = estimateBytes({ a: { b: ["", new Uint8Array(0)] } });
    expect(estimateBytes({ aa: { bbb: ["x".repeat(100), new Uint8Array(1000)] } })).toBe(base + 1 + 2 + 100 + 1000);
  });

  it("counts something for each value, so that many small ones are not free", () => {
    expect(estimateBytes(Array.from({ length: 1000 }, () => 0))).toBeGreaterThan(8000);
  });

  it("ends on cyclic values and on those that throw", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = [cyclic, cyclic];
    expect(estimateBytes(cyclic)).toBeGreaterThan(0);
    const throwing = {
      text: "x".repeat(50),
      get broken() {
        throw new Error("x");
      },
    };
    expect(estimateBytes(throwing)).toBeGreaterThanOrEqual(0);
    expect(estimateBytes(new Proxy({}, { ownKeys: () => ["a"], get: () => 0 }))).toBeGreaterThan(0);
  });
});

describe("estimateRecordBytes", () => {
  it("counts body and attributes, not what all records share", () => {
    const plain = estimateRecordBytes(testRecord({ body: "" }));
    expect(estimateRecordBytes(testRecord({ body: "x".repeat(500) }))).toBe(plain + 500);
    expect(estimateRecordBytes(testRecord({ body: "", attributes: { a: "x".repeat(500) } }))).toBeGreaterThan(
      plain + 500,
    );
    const resource = { attributes: { a: "x".repeat(500) } };
    expect(estimateRecordBytes(testRecord({ body: "", resource }))).toBe(plain);
  });
});
