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
import { BoundLayer, type LineDraft, LineEncoder, toDagstackJsonl } from "../../src/wire/index.ts";
import { anyAttributes, anyKey, anyValue, hostileValues, type Make, objectOf } from "./hostile-values.ts";

const LONG = process.env.DAGSTACK_LONG === "1";
const RUNS = LONG ? 350_000 : 2_500;

const redactors: readonly Redactor[] = [
  createRedactor(),
  createRedactor({ preset: "strict" }),
  createRedactor({ extraSuffixes: ["_pin", "b", "json"] }),
  createRedactor({ replaceDefaults: true, extraSuffixes: [] }),
  new Redactor(["_pin"], true),
];
const scopes: readonly InstrumentationScope[] = [
  { name: "root", version: null, attributes: {} },
  { name: 'a"b é', version: "1.0.0", attributes: { api_key: "shown", n: 1 } },
];
const resources: readonly (Resource | null)[] = [
  null,
  { attributes: {} },
  { attributes: { "service.name": "shop", n: 2n ** 62n } },
];

type Reports = string[];

/** A draft and when it is observed. */
interface TestDraft extends LineDraft {
  readonly observedTime: WallTime;
}

/** What the line must be. */
function plainLine(draft: TestDraft, redactor: Redactor, reports: Reports = []): string {
  const record = buildRecord({ ...draft, timeUnixNano: toUnixNano(draft.time), bound: draft.bound.map((layer) => layer.attributes) }, redactor, (...report) =>
    reports.push(report.join(" ")),
  );
  return toDagstackJsonl(withObservedTime(record, toUnixNano(draft.observedTime)));
}

function fastLine(encoder: LineEncoder, draft: TestDraft, redactor: Redactor, reports: Reports = []): string {
  const { readInto: _, ...rest } = systemClock;
  const clock: Clock = { ...rest, now: () => toUnixNano(draft.observedTime) };
  const line = encoder.encode(draft, clock, redactor, (...report) => reports.push(report.join(" ")));
  const text = Buffer.from(line).toString("utf8");
  encoder.release();
  return text;
}

function draftOf(parts: Partial<TestDraft> = {}): TestDraft {
  return {
    time: { ms: 1_700_000_000_000, nanos: 7 },
    observedTime: { ms: 1_700_000_000_000, nanos: 1500 },
    severityNumber: 9,
    body: "x",
    bound: [],
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
  ms: fc.oneof(fc.constantFrom(0, 1, 1_700_000_000_000, 18_446_744_073_709), fc.nat({ max: 2 ** 31 })),
  nanos: fc.nat({ max: 999_999 }),
});
const anyTrace = fc.constantFrom(
  { traceId: null, spanId: null, traceFlags: 0 },
  { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 },
  { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: null, traceFlags: 0 },
);
const anyDraft = fc.record({
  time: anyTime,
  observedTime: anyTime,
  severityNumber: fc.integer({ min: 1, max: 24 }),
  body: anyValue,
  bound: fc.array(fc.array(fc.tuple(anyKey, anyValue), { maxLength: 5 }), { maxLength: 2 }),
  attributes: fc.array(fc.option(anyAttributes, { nil: () => undefined }), { maxLength: 3 }),
  resource: fc.constantFrom(...resources),
  instrumentationScope: fc.constantFrom(...scopes),
  trace: anyTrace,
  redactor: fc.constantFrom(...redactors),
});

type AnyDraft = typeof anyDraft extends fc.Arbitrary<infer T> ? T : never;

function made(parts: AnyDraft): TestDraft {
  const { bound, attributes, body, trace, redactor, ...rest } = parts;
  return {
    ...rest,
    ...trace,
    body: body(),
    bound: bound.map((entries) => new BoundLayer(buildAttributes([objectOf(entries)], redactor))),
    attributes: attributes.map((make: Make) => make()),
  };
}

describe("line encoder", () => {
  it(
    "design §3: the bytes of any values are those of the record's line, whatever was encoded before",
    { timeout: LONG ? 3_600_000 : 60_000 },
    () => {
      const encoder = new LineEncoder();
      fc.assert(
        fc.property(anyDraft, (parts) => {
          const { redactor } = parts;
          // The first time without a plan of the keys, then with one.
          for (let round = 0; round < 3; round++) {
            const expectedReports: Reports = [];
            const reports: Reports = [];
            const expected = plainLine(made(parts), redactor, expectedReports);
            const draft = made(parts);
            expect(fastLine(encoder, draft, redactor, reports)).toBe(expected);
            for (let again = 0; again < 2; again++) {
              // The same bound attributes with other calls.
              expect(fastLine(encoder, { ...made(parts), bound: draft.bound }, redactor)).toBe(expected);
            }
            // What is overridden is not looked at.
            expect(expectedReports).toEqual(expect.arrayContaining(reports));
            if (parts.attributes.length < 2) expect(new Set(reports)).toEqual(new Set(expectedReports));
          }
        }),
        { numRuns: RUNS },
      );
    },
  );

  it.each(redactors.map((redactor, index) => [index, redactor] as const))(
    "§1.4: every kind of value has the form it has in the record, redactor %i",
    (_, redactor) => {
      const encoder = new LineEncoder();
      for (const make of hostileValues) {
        for (let round = 0; round < 3; round++) {
          const draft = (): TestDraft => draftOf({ body: make(), attributes: [{ b: 1, value: make(), a: [make()] }] });
          expect(fastLine(encoder, draft(), redactor)).toBe(plainLine(draft(), redactor));
        }
      }
    },
  );
});
