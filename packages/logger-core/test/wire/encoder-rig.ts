import fc from "fast-check";
import {
  buildAttributes,
  buildRecord,
  type Clock,
  type CoercionReport,
  createRedactor,
  type InstrumentationScope,
  type LogRecord,
  Redactor,
  type Resource,
  systemClock,
  toUnixNano,
  type WallTime,
  withObservedTime,
} from "../../src/index.ts";
import { BoundLayer, type EncoderDraft } from "../../src/wire/index.ts";
import { anyAttributes, anyKey, anyValue, type Make, objectOf } from "./hostile-values.ts";

export const redactors: readonly [Redactor, ...Redactor[]] = [
  createRedactor(),
  createRedactor({ preset: "strict" }),
  createRedactor({ extraSuffixes: ["_pin", "b", "json"] }),
  createRedactor({ replaceDefaults: true, extraSuffixes: [] }),
  createRedactor({ preset: "base" }),
  new Redactor({ suffixes: ["_pin"], masksBodies: true }),
  createRedactor({
    paths: ["a.b", "*.json", "list.*", "toJSON.0", "x.*.*"],
    pseudonymize: { keys: ["b", "x.y", "a.*"], salt: "salt of at least sixteen characters" },
    serializers: { c: (value) => ({ value, b: [value, "b"] }), d: (value) => (value as { no: () => void }).no() },
  }),
];
const scopes: readonly [InstrumentationScope, ...InstrumentationScope[]] = [
  { name: "root", version: null, attributes: {} },
  { name: 'a"b é', version: "1.0.0", attributes: { api_key: "shown", n: 1 } },
  { name: `é ${"s".repeat(200)}`, version: null, attributes: {} },
];
const resources: readonly (Resource | null)[] = [
  null,
  { attributes: {} },
  { attributes: { "service.name": "shop", n: 2n ** 62n } },
];

/** A draft and when it is observed. */
export interface TestDraft extends EncoderDraft {
  readonly observedTime: WallTime;
}

export type Reports = string[];

/** What an encoder of drafts offers. */
export interface Encoder {
  readonly isBusy: boolean;
  encode(draft: EncoderDraft, clock: Clock, redactor: Redactor, report: CoercionReport): Uint8Array | undefined;
  release(): void;
}

/** An encoder beside the plain path that it is to equal. */
export interface EncoderRig {
  readonly name: string;
  create(): Encoder;
  /** What the plain path makes of a record. */
  encodeRecord(record: LogRecord): Uint8Array | string;
}

const collect =
  (reports: Reports): CoercionReport =>
  (...report) =>
    void reports.push(report.join(" "));

/** One character for each byte, so that differences can be read. */
function shown(bytes: Uint8Array | string): string {
  return Buffer.from(bytes as string).toString("latin1");
}

/** What the bytes must be. */
export function plain(rig: EncoderRig, draft: TestDraft, redactor: Redactor, reports: Reports = []): string {
  const bound = draft.layers.map((layer) => layer.attributes);
  const record = buildRecord({ ...draft, timeUnixNano: toUnixNano(draft.time), bound }, redactor, collect(reports));
  return shown(rig.encodeRecord(withObservedTime(record, toUnixNano(draft.observedTime))));
}

/** What the encoder makes of it; when it gives up, the record is made instead, as the logger does. */
export function fast(
  rig: EncoderRig,
  encoder: Encoder,
  draft: TestDraft,
  redactor: Redactor,
  reports: Reports = [],
): string {
  const { readInto: _, ...rest } = systemClock;
  const clock: Clock = { ...rest, now: () => toUnixNano(draft.observedTime) };
  const bytes = encoder.encode(draft, clock, redactor, collect(reports));
  const text = bytes && shown(bytes);
  encoder.release();
  if (text !== undefined) return text;
  reports.length = 0;
  return plain(rig, draft, redactor, reports);
}

export function draftOf(parts: Partial<TestDraft> = {}): TestDraft {
  return {
    time: { ms: 1_700_000_000_000, nanos: 7 },
    observedTime: { ms: 1_700_000_000_000, nanos: 1500 },
    severityNumber: 9,
    body: "x",
    layers: [],
    attributes: [],
    resource: null,
    instrumentationScope: scopes[0],
    traceId: null,
    spanId: null,
    traceFlags: 0,
    ...parts,
  };
}

const edgesOfMs = [0, 1, 2 ** 24 - 1, 2 ** 24, 2 ** 32, 1_700_000_000_000, 18_446_744_073_708, 18_446_744_073_709];
const anyTime: fc.Arbitrary<WallTime> = fc.record({
  ms: fc.oneof(fc.constantFrom(...edgesOfMs), fc.integer({ min: 0, max: 18_446_744_073_708 })),
  nanos: fc.oneof(fc.nat({ max: 999_999 }), fc.constantFrom(0, 999_999)),
});

export const anyDraft = fc.record({
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
  redactor: fc.constantFrom(...redactors),
  maxBytes: fc.constantFrom(undefined, 1024),
});

export type AnyDraft = typeof anyDraft extends fc.Arbitrary<infer T> ? T : never;

/** The draft of random parts, its values made anew. */
export function made(parts: AnyDraft): TestDraft {
  const { bound, attributes, body, trace, redactor, ...rest } = parts;
  return {
    ...rest,
    ...trace,
    body: body(),
    layers: bound.map((entries) => new BoundLayer(buildAttributes([objectOf(entries)], redactor))),
    attributes: attributes.map((make: Make) => make()),
  };
}
