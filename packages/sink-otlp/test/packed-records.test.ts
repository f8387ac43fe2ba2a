import type { LogRecord } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { toOtlpProtobuf } from "@dagstack/logger-core/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packedSize, RecordPacker, requestOf } from "../src/packed-records.ts";
import { packed } from "./packed.ts";

const resources = [
  null,
  { attributes: {} },
  { attributes: { "service.name": "shop" } },
  { attributes: { "service.name": "shoq" } },
  { attributes: { "service.name": "shop", long: "r".repeat(300) } },
];
const scopes = [
  { name: "a", version: null, attributes: {} },
  { name: "a", version: "", attributes: {} },
  { name: "a", version: "1", attributes: {} },
  { name: "b", version: "1", attributes: { n: 1, text: "s".repeat(150) } },
];

/** Values that are equal, but no two of them the same object. */
const record: fc.Arbitrary<LogRecord> = fc
  .record({
    resource: fc.constantFrom(...resources),
    instrumentationScope: fc.constantFrom(...scopes),
    body: fc.string({ maxLength: 10 }),
    filler: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 300 }) }, { weight: 1, arbitrary: fc.nat({ max: 70_000 }) }),
    ids: fc.constantFrom(
      {},
      { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 },
    ),
  })
  .map(({ filler, ids, ...parts }) =>
    testRecord(structuredClone({ ...parts, ...ids, attributes: { filler: "f".repeat(filler) } })),
  );

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("packed records (§1.6, §1.7)", () => {
  it("give the request that the records of the batch give, whatever was packed before", () => {
    const packer = new RecordPacker();
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), (batch) => {
        expect(hex(requestOf(packed(batch, packer)))).toBe(hex(toOtlpProtobuf(batch)));
      }),
      { numRuns: 300 },
    );
  });

  it("give it for any part of a batch too, which is how it is split", () => {
    const batch = fc.sample(record, 50);
    const items = packed(batch);
    for (const [from, to] of [
      [0, 25],
      [25, 50],
      [13, 14],
      [7, 49],
    ] as const) {
      expect(hex(requestOf(items.slice(from, to)))).toBe(hex(toOtlpProtobuf(batch.slice(from, to))));
    }
  });

  it("more origins than are remembered are grouped all the same", () => {
    const batch = Array.from({ length: 200 }, (_, n) =>
      testRecord({ body: n, instrumentationScope: { name: `scope ${n % 40}`, version: null, attributes: {} } }),
    );
    expect(hex(requestOf(packed(batch)))).toBe(hex(toOtlpProtobuf(batch)));
  });

  it("are copies: the memory that a request came in may be used again, at any offset", () => {
    const packer = new RecordPacker();
    const memory = new Uint8Array(4096);
    const batch = fc.sample(record, 30).filter((one) => toOtlpProtobuf([one]).length < 2000);
    const items = batch.map((one, index) => {
      const request = toOtlpProtobuf([one]);
      memory.fill(0xff);
      memory.set(request, index * 7);
      return packer.pack(memory.subarray(index * 7, index * 7 + request.length));
    });
    memory.fill(0xff);
    expect(hex(requestOf(items))).toBe(hex(toOtlpProtobuf(batch)));
  });

  it("cost their bytes and 80 more", () => {
    const [short, long] = packed([testRecord({ body: "" }), testRecord({ body: "x".repeat(100) })]);
    if (short === undefined || long === undefined) throw new Error("two were packed");
    expect(packedSize(long) - packedSize(short)).toBe(100);
    const envelope = toOtlpProtobuf([testRecord({ body: "" })]).length;
    expect(packedSize(short)).toBeLessThan(envelope + 80);
    expect(packedSize(short)).toBeGreaterThan(80);
  });

  it("a chunk holds many records, and a larger record has its own", () => {
    const packer = new RecordPacker();
    const small = packed(
      Array.from({ length: 100 }, () => testRecord()),
      packer,
    );
    expect(new Set(small.map(({ chunk }) => chunk)).size).toBe(1);
    const [large] = packed([testRecord({ body: "x".repeat(100_000) })], packer);
    expect(large?.start).toBe(0);
    expect(large?.chunk.length).toBe(large?.end);
  });

  it("bytes that are not one record in a request are refused", () => {
    const packer = new RecordPacker();
    const one = toOtlpProtobuf([testRecord()]);
    const other = testRecord({ instrumentationScope: { name: "other", version: null, attributes: {} } });
    for (const bytes of [
      new Uint8Array(),
      Uint8Array.of(0x0a),
      new TextEncoder().encode('{"body":"x"}'),
      one.subarray(0, one.length - 1),
      toOtlpProtobuf([testRecord(), testRecord()]),
      toOtlpProtobuf([testRecord(), other]),
    ]) {
      expect(() => packer.pack(bytes)).toThrow("no request with one record");
    }
  });
});
