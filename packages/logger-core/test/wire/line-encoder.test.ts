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
/** Each is twelve lines. */
const RUNS = LONG ? 100_000 : 1_500;

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
  const record = buildRecord(
    { ...draft, timeUnixNano: toUnixNano(draft.time), bound: draft.layers.map((layer) => layer.attributes) },
    redactor,
    (...report) => reports.push(report.join(" ")),
  );
  return toDagstackJsonl(withObservedTime(record, toUnixNano(draft.observedTime)));
}

function fastLine(encoder: LineEncoder, draft: TestDraft, redactor: Redactor, reports: Reports = []): string {
  const { readInto: _, ...rest } = systemClock;
  const clock: Clock = { ...rest, now: () => toUnixNano(draft.observedTime) };
  const line = encoder.encode(draft, clock, redactor, (...report) => reports.push(report.join(" ")));
  const text = line && Buffer.from(line).toString("utf8");
  encoder.release();
  if (text !== undefined) return text;
  reports.length = 0; // too long: the logger makes the record instead
  return plainLine(draft, redactor, reports);
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
  maxBytes: fc.constantFrom(undefined, 1024),
});

type AnyDraft = typeof anyDraft extends fc.Arbitrary<infer T> ? T : never;

function made(parts: AnyDraft): TestDraft {
  const { bound, attributes, body, trace, redactor, ...rest } = parts;
  return {
    ...rest,
    ...trace,
    body: body(),
    layers: bound.map((entries) => new BoundLayer(buildAttributes([objectOf(entries)], redactor))),
    attributes: attributes.map((make: Make) => make()),
  };
}

describe("line encoder", () => {
  it("design §3: the bytes of any values are those of the record's line, whatever was encoded before", {
    timeout: LONG ? 3_600_000 : 60_000,
  }, () => {
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
          for (let line = 0; line < 16; line++) fastLine(encoder, draftOf({ layers: draft.layers }), redactor);
          for (let again = 0; again < 3; again++) {
            // The same bound attributes, encoded now, with the keys of this call.
            expect(fastLine(encoder, { ...made(parts), layers: draft.layers }, redactor)).toBe(expected);
          }
          // What is overridden is not looked at.
          expect(expectedReports).toEqual(expect.arrayContaining(reports));
          if (parts.attributes.length < 2) expect(new Set(reports)).toEqual(new Set(expectedReports));
        }
      }),
      { numRuns: RUNS },
    );
  });

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

  it("§10.1: under a secret key nothing is read, nor a getter anywhere more than once", () => {
    const encoder = new LineEncoder();
    for (let round = 0; round < 4; round++) {
      const reads: string[] = [];
      const read = (name: string): Record<string, unknown> =>
        Object.defineProperties({} as Record<string, unknown>, {
          // Every other time a key that keeps the sequence out of the trie.
          ...(round % 2 === 1 ? { "\ud800": { enumerable: true, value: 1 } } : {}),
          fine: { enumerable: true, get: () => reads.push(`${name}.fine`) },
          api_key: { enumerable: true, get: () => reads.push(`${name}.api_key`) },
        });
      const attributes = [
        { ...read("spread"), nested: read("nested"), list: [read("list")], user_token: read("secret") },
      ];
      reads.length = 0;
      fastLine(
        encoder,
        draftOf({ attributes: [read("top"), ...attributes], body: read("body") }),
        redactors[0] as Redactor,
      );
      expect(reads.sort()).toEqual(["body.api_key", "body.fine", "list.fine", "nested.fine", "top.fine"]);
    }
  });

  it("§1.5: each character that is escaped, at each place in a word, in strings of every way of writing", () => {
    const encoder = new LineEncoder();
    const redactor = redactors[0] as Redactor;
    const odd = ['"', "\\", "\x7f", "\x80", "é", "€", "😀", "\ud800"];
    for (let code = 0; code <= 32; code++) odd.push(String.fromCharCode(code));
    for (const length of [3, 48, 49, 63, 1000, 16_384, 16_385]) {
      for (const char of odd) {
        for (let place = 0; place < 5; place++) {
          const body = `${"a".repeat(Math.max(0, length - place))}${char}${"b".repeat(place)}`.slice(-length);
          expect(fastLine(encoder, draftOf({ body }), redactor)).toBe(plainLine(draftOf({ body }), redactor));
          const twice = `${char}${body.slice(0, -2)}${char}`;
          expect(fastLine(encoder, draftOf({ body: twice }), redactor)).toBe(
            plainLine(draftOf({ body: twice }), redactor),
          );
        }
      }
      const all = Array.from({ length }, (_, at) => odd[at % odd.length]).join("");
      expect(fastLine(encoder, draftOf({ body: all }), redactor)).toBe(plainLine(draftOf({ body: all }), redactor));
      const newlines = "\n".repeat(length);
      expect(fastLine(encoder, draftOf({ body: newlines }), redactor)).toBe(
        plainLine(draftOf({ body: newlines }), redactor),
      );
    }
  });

  it("layers that were encoded and layers that were not go together", () => {
    const encoder = new LineEncoder();
    const redactor = redactors[0] as Redactor;
    const known = new BoundLayer({ b: 1, a: "known", z: null });
    const other = new BoundLayer({ c: 2, d: "x" });
    for (let round = 0; round < 40; round++) {
      for (const layers of [
        [known],
        [known, new BoundLayer({ b: "new", e: [round] }), other],
        [new BoundLayer({ a: round, f: "new" }), known],
        [new BoundLayer({ q: round }), new BoundLayer({ r: round }), other, new BoundLayer({ c: round })],
      ]) {
        const draft = draftOf({ layers, attributes: [{ a: round, z: undefined, b: () => 1 }] });
        expect(fastLine(encoder, draft, redactor)).toBe(plainLine(draft, redactor));
      }
    }
  });

  it("one layer under more sequences of keys than are kept with it, before and after the trie begins anew", () => {
    const encoder = new LineEncoder();
    const redactor = redactors[0] as Redactor;
    const layers = [new BoundLayer({ b: 1, m: "x", z: [2] })];
    for (let round = 0; round < 4; round++) {
      for (let count = 0; count < 100; count++) {
        const draft = draftOf({
          layers,
          attributes: [{ a: round, [`k${count}`]: count, z: undefined, ...(count % 2 && { b: () => 1 }) }],
        });
        for (let line = 0; line < 3; line++)
          expect(fastLine(encoder, draft, redactor)).toBe(plainLine(draft, redactor));
      }
      for (let count = 0; count < 9_000; count++)
        fastLine(encoder, draftOf({ attributes: [{ [`r${round}.${count}`]: 1 }] }), redactor);
    }
  });

  it("keys that never come again, many short-lived layers and changing redaction leave no trace in a line", () => {
    const encoder = new LineEncoder();
    for (let count = 0; count < 12_000; count++) {
      const redactor = redactors[count % 3] as Redactor;
      const layers = [
        new BoundLayer(buildAttributes([{ "request.id": count, [`k${count}`]: "s", user_pin: 1 }], redactor)),
      ];
      const random = { [`r${count}`]: count, [`s${count * 7}_key`]: 1 };
      fastLine(encoder, draftOf({ attributes: [random], layers }), redactor);
      if (count % 50 !== 0) continue;
      const draft = draftOf({ attributes: [{ b: 1, user_pin: 2, a: random, api_key: 3 }], layers });
      expect(fastLine(encoder, draft, redactor)).toBe(plainLine(draft, redactor));
    }
  });

  it("the memory that one huge line took is given back", () => {
    const encoder = new LineEncoder();
    const redactor = redactors[0] as Redactor;
    const huge = draftOf({ body: "x".repeat(3_000_000), attributes: [{ a: "é".repeat(1_000_000) }] });
    expect(fastLine(encoder, huge, redactor)).toBe(plainLine(huge, redactor));
    const line = encoder.encode(draftOf(), systemClock, redactor, () => {}) as Uint8Array;
    expect(line.buffer.byteLength).toBeLessThan(300_000);
    encoder.release();
  });

  it("a sink that takes the memory of a line away does not harm the next", () => {
    const encoder = new LineEncoder();
    const redactor = redactors[0] as Redactor;
    const { buffer } = encoder.encode(draftOf(), systemClock, redactor, () => {}) as Uint8Array;
    structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
    encoder.release();
    expect(fastLine(encoder, draftOf(), redactor)).toBe(plainLine(draftOf(), redactor));
  });

  it("§1.4: members that a polluted Object.prototype lends to every object are not theirs", () => {
    const encoder = new LineEncoder();
    const redactor = redactors[1] as Redactor;
    const draft = (): TestDraft => draftOf({ attributes: [{ a: { b: 1 } }], body: { c: 2 } });
    for (let round = 0; round < 3; round++) fastLine(encoder, draft(), redactor);
    const expected = plainLine(draft(), redactor);
    Object.defineProperty(Object.prototype, "polluted", {
      value: "s3cret",
      enumerable: true,
      configurable: true,
      writable: true,
    });
    let line: string;
    try {
      line = fastLine(encoder, draft(), redactor);
    } finally {
      delete (Object.prototype as { polluted?: unknown }).polluted;
    }
    expect(line).toBe(expected);
  });

  it("is busy from a line to its release", () => {
    const encoder = new LineEncoder();
    expect(encoder.isBusy).toBe(false);
    encoder.encode(draftOf(), systemClock, redactors[0] as Redactor, () => {});
    expect(encoder.isBusy).toBe(true);
    encoder.release();
    expect(encoder.isBusy).toBe(false);
  });

  it("works without Node's Buffer, as in a browser", () => {
    const { Buffer: native } = globalThis;
    try {
      Object.assign(globalThis, { Buffer: undefined });
      const encoder = new LineEncoder();
      const draft = draftOf({ body: "é".repeat(50), attributes: [{ a: 1.0000001, b: "x\n" }] });
      const line = encoder.encode(draft, systemClock, redactors[0] as Redactor, () => {});
      expect(new TextDecoder().decode(line)).toContain(`{"a":1.0000001,"b":"x\\n"},"body":"${"é".repeat(50)}"`);
    } finally {
      Object.assign(globalThis, { Buffer: native });
    }
  });
});
