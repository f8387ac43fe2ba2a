import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildAttributes,
  buildRecord,
  type Clock,
  createRedactor,
  type InstrumentationScope,
  Redactor,
  type Resource,
  systemClock,
  toUnixNano,
  type WallTime,
  withObservedTime,
} from "../../src/index.ts";
import { BoundLayer, type LineDraft, OtlpRecordEncoder, toOtlpProtobuf } from "../../src/wire/index.ts";
import { anyAttributes, anyKey, anyValue, hostileValues, type Make, objectOf } from "./hostile-values.ts";

const LONG = process.env.DAGSTACK_LONG === "1";
const RUNS = LONG ? 100_000 : 1_500;

const redactors: readonly Redactor[] = [
  createRedactor(),
  createRedactor({ extraSuffixes: ["_pin", "b", "json"] }),
  createRedactor({ replaceDefaults: true, extraSuffixes: [] }),
  new Redactor(["_pin"], true),
];
const redactor = redactors[0] as Redactor;
const scopes: readonly InstrumentationScope[] = [
  { name: "root", version: null, attributes: {} },
  { name: `é ${"s".repeat(200)}`, version: "1.0.0", attributes: { api_key: "shown", n: 1 } },
];
const resources: readonly (Resource | null)[] = [
  null,
  { attributes: {} },
  { attributes: { "service.name": "shop", n: 2n ** 62n } },
];

type Reports = string[];

interface TestDraft extends LineDraft {
  readonly observedTime: WallTime;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** What the request must be. */
function plain(draft: TestDraft, under: Redactor, reports: Reports = []): string {
  const record = buildRecord(
    { ...draft, timeUnixNano: toUnixNano(draft.time), bound: draft.layers.map((layer) => layer.attributes) },
    under,
    (...report) => reports.push(report.join(" ")),
  );
  return hex(toOtlpProtobuf([withObservedTime(record, toUnixNano(draft.observedTime))]));
}

function fast(encoder: OtlpRecordEncoder, draft: TestDraft, under: Redactor, reports: Reports = []): string {
  const { readInto: _, ...rest } = systemClock;
  const clock: Clock = { ...rest, now: () => toUnixNano(draft.observedTime) };
  const request = encoder.encode(draft, clock, under, (...report) => reports.push(report.join(" ")));
  const digits = request && hex(request);
  encoder.release();
  if (digits !== undefined) return digits;
  reports.length = 0; // too long: the logger makes the record instead
  return plain(draft, under, reports);
}

function draftOf(parts: Partial<TestDraft> = {}): TestDraft {
  return {
    time: { ms: 1_700_000_000_000, nanos: 7 },
    observedTime: { ms: 1_700_000_000_000, nanos: 1500 },
    severityNumber: 9,
    body: "x",
    layers: [],
    attributes: [],
    resource: null,
    instrumentationScope: scopes[0] as InstrumentationScope,
    traceId: null,
    spanId: null,
    traceFlags: 0,
    ...parts,
  };
}

const anyTime: fc.Arbitrary<WallTime> = fc.record({
  ms: fc.oneof(
    fc.constantFrom(0, 1, 2 ** 24 - 1, 2 ** 24, 2 ** 32, 1_700_000_000_000, 18_446_744_073_708, 18_446_744_073_709),
    fc.integer({ min: 0, max: 18_446_744_073_708 }),
  ),
  nanos: fc.oneof(fc.nat({ max: 999_999 }), fc.constantFrom(0, 999_999)),
});
const anyDraft = fc.record({
  maxBytes: fc.constantFrom(undefined, 1024),
  time: anyTime,
  observedTime: anyTime,
  severityNumber: fc.integer({ min: 1, max: 24 }),
  body: anyValue,
  bound: fc.array(fc.array(fc.tuple(anyKey, anyValue), { maxLength: 5 }), { maxLength: 2 }),
  attributes: fc.array(fc.option(anyAttributes, { nil: () => undefined }), { maxLength: 3 }),
  resource: fc.constantFrom(...resources),
  instrumentationScope: fc.constantFrom(...scopes),
  trace: fc.constantFrom(
    { traceId: null, spanId: null, traceFlags: 0 },
    { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 },
    { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: null, traceFlags: 0 },
  ),
  under: fc.constantFrom(...redactors),
});

type AnyDraft = typeof anyDraft extends fc.Arbitrary<infer T> ? T : never;

function made(parts: AnyDraft): TestDraft {
  const { bound, attributes, body, trace, under, ...rest } = parts;
  return {
    ...rest,
    ...trace,
    body: body(),
    layers: bound.map((entries) => new BoundLayer(buildAttributes([objectOf(entries)], under))),
    attributes: attributes.map((make: Make) => make()),
  };
}

describe("OTLP record encoder", () => {
  it("§1.7: the bytes of any values are those of the record, whatever was encoded before", {
    timeout: LONG ? 3_600_000 : 60_000,
  }, () => {
    const encoder = new OtlpRecordEncoder();
    fc.assert(
      fc.property(anyDraft, (parts) => {
        // The first time without a plan of the keys, then with one.
        for (let round = 0; round < 3; round++) {
          const expectedReports: Reports = [];
          const reports: Reports = [];
          const expected = plain(made(parts), parts.under, expectedReports);
          expect(fast(encoder, made(parts), parts.under, reports)).toBe(expected);
          // What is overridden is not looked at.
          expect(expectedReports).toEqual(expect.arrayContaining(reports));
          if (parts.attributes.length < 2) expect(new Set(reports)).toEqual(new Set(expectedReports));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it.each(redactors.map((under, index) => [index, under] as const))(
    "§1.4: every kind of value has the form it has in the record, redactor %i",
    (_, under) => {
      const encoder = new OtlpRecordEncoder();
      for (const make of hostileValues) {
        for (let round = 0; round < 3; round++) {
          const draft = (): TestDraft => draftOf({ body: make(), attributes: [{ b: 1, value: make(), a: [make()] }] });
          expect(fast(encoder, draft(), under)).toBe(plain(draft(), under));
        }
      }
    },
  );

  it("lengths that take one, two and three bytes, at every depth", () => {
    const encoder = new OtlpRecordEncoder();
    for (const size of [0, 1, 50, 63, 64, 65, 90, 110, 120, 122, 124, 126, 127, 128, 129, 1_000, 16_383, 20_000]) {
      for (const text of ["x".repeat(size), "é".repeat(size)]) {
        for (let round = 0; round < 3; round++) {
          const draft = draftOf({
            body: text,
            attributes: [{ [text.slice(0, 128)]: 1, b: { c: [text, { d: text }] } }],
          });
          expect(fast(encoder, draft, redactor)).toBe(plain(draft, redactor));
        }
      }
    }
  });

  it("§10.1: under a secret key nothing is read, nor a getter anywhere more than once", () => {
    const encoder = new OtlpRecordEncoder();
    for (let round = 0; round < 4; round++) {
      const reads: string[] = [];
      const read = (name: string): Record<string, unknown> =>
        Object.defineProperties({} as Record<string, unknown>, {
          fine: { enumerable: true, get: () => reads.push(`${name}.fine`) },
          api_key: { enumerable: true, get: () => reads.push(`${name}.api_key`) },
        });
      const attributes = [read("top"), { nested: read("nested"), list: [read("list")], user_token: read("secret") }];
      fast(encoder, draftOf({ attributes, body: read("body") }), redactor);
      expect(reads.sort()).toEqual(["body.api_key", "body.fine", "list.fine", "nested.fine", "top.fine"]);
    }
  });

  it("D-14: the observed time is read after the values", () => {
    const encoder = new OtlpRecordEncoder();
    const order: string[] = [];
    const attributes = [
      {
        get a(): number {
          return order.push("value");
        },
      },
    ];
    const clock: Clock = { ...systemClock, readInto: () => void order.push("clock") };
    encoder.encode(draftOf({ attributes }), clock, redactor, () => {});
    expect(order).toEqual(["value", "clock"]);
  });

  it("the memory that one huge record took is given back", () => {
    const encoder = new OtlpRecordEncoder();
    const huge = draftOf({ body: "x".repeat(3_000_000), attributes: [{ a: "é".repeat(1_000_000) }] });
    expect(fast(encoder, huge, redactor)).toBe(plain(huge, redactor));
    const request = encoder.encode(draftOf(), systemClock, redactor, () => {}) as Uint8Array;
    expect(request.buffer.byteLength).toBeLessThan(300_000);
    encoder.release();
  });

  it("a sink that takes the memory of a record away does not harm the next", () => {
    const encoder = new OtlpRecordEncoder();
    const { buffer } = encoder.encode(draftOf(), systemClock, redactor, () => {}) as Uint8Array;
    structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
    encoder.release();
    expect(fast(encoder, draftOf(), redactor)).toBe(plain(draftOf(), redactor));
  });

  it("§1.4: members that a polluted Object.prototype lends to every object are not theirs", () => {
    const encoder = new OtlpRecordEncoder();
    const draft = (): TestDraft => draftOf({ attributes: [{ a: { b: 1 } }], body: { c: 2 } });
    for (let round = 0; round < 3; round++) fast(encoder, draft(), redactor);
    const expected = plain(draft(), redactor);
    Object.defineProperty(Object.prototype, "polluted", {
      value: "s3cret",
      enumerable: true,
      configurable: true,
      writable: true,
    });
    let request: string;
    try {
      request = fast(encoder, draft(), redactor);
    } finally {
      delete (Object.prototype as { polluted?: unknown }).polluted;
    }
    expect(request).toBe(expected);
  });

  it("is busy from a record to its release", () => {
    const encoder = new OtlpRecordEncoder();
    expect(encoder.isBusy).toBe(false);
    encoder.encode(draftOf(), systemClock, redactor, () => {});
    expect(encoder.isBusy).toBe(true);
    encoder.release();
    expect(encoder.isBusy).toBe(false);
  });
});
