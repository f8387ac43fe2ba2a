import type { LogRecord, Value } from "@dagstack/logger-core";
import { severityText } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { decodeLogs, type ReceivedRecord } from "@dagstack/otlp-receiver";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyEncoder } from "../src/encode.ts";
import { packed } from "./packed.ts";
import { withReceiver } from "./rig.ts";

/** Text without lone surrogates, which the builder has removed from records (§1.4). */
const text = fc.string({ unit: "binary", maxLength: 20 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    int64,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
  ),
})).value;
const attributes = fc.dictionary(text, value, { maxKeys: 5 });
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
const name = text.filter((string) => string !== "");

const record: fc.Arbitrary<LogRecord> = fc
  .record({
    timeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    observedTimeUnixNano: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
    severityNumber: fc.integer({ min: 1, max: 24 }),
    body: value,
    attributes,
    resource: fc.constantFrom(null, { attributes: { "service.name": "shop" } }, { attributes: { a: [1, null] } }),
    instrumentationScope: fc.record({ name, version: fc.option(text), attributes }),
    traceId: fc.option(hex(32)),
    spanId: fc.option(hex(16)),
    traceFlags: fc.integer({ min: 0, max: 255 }),
  })
  .map((parts) => testRecord({ ...parts, severityText: severityText(parts.severityNumber) }));

/** What the receiver must find for a record, said without any encoder. */
function expected(from: LogRecord): ReceivedRecord {
  return {
    timeUnixNano: from.timeUnixNano,
    observedTimeUnixNano: from.observedTimeUnixNano ?? 0n,
    severityNumber: from.severityNumber,
    severityText: from.severityText,
    body: received(from.body),
    attributes: received(from.attributes) as ReceivedRecord["attributes"],
    flags: from.traceFlags,
    traceId: from.traceId ?? "",
    spanId: from.spanId ?? "",
    resource: received(from.resource?.attributes ?? {}) as ReceivedRecord["attributes"],
    scope: {
      name: from.instrumentationScope.name,
      version: from.instrumentationScope.version ?? "",
      attributes: received(from.instrumentationScope.attributes) as ReceivedRecord["attributes"],
    },
  };
}

function received(from: Value): ReceivedRecord["body"] {
  if (typeof from === "bigint") return Number.isSafeInteger(Number(from)) ? Number(from) : from;
  // A whole number inside int64 goes as an integer (§1.6), which is exact where a double is not.
  if (typeof from === "number") {
    const isInteger = Number.isInteger(from) && from >= -(2 ** 63) && from < 2 ** 63;
    return isInteger && !Number.isSafeInteger(from) ? BigInt(from) : from + 0;
  }
  if (typeof from !== "object" || from === null) return from;
  if (Array.isArray(from)) return from.map(received);
  return Object.fromEntries(Object.entries(from).map(([key, member]) => [key, received(member)]));
}

/** By resource, then scope, both by content, in order of first appearance (§1.6). */
function inWireOrder(records: readonly LogRecord[]): ReceivedRecord[] {
  const groups = new Map<string, Map<string, ReceivedRecord[]>>();
  const keyOf = (from: unknown): string =>
    JSON.stringify(from, (_, member: unknown) => {
      if (typeof member === "bigint") return `${member}n`;
      if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
      return Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1));
    });
  for (const one of records.map(expected)) {
    const scopes = groups.get(keyOf(one.resource)) ?? new Map<string, ReceivedRecord[]>();
    groups.set(keyOf(one.resource), scopes);
    const list = scopes.get(keyOf(one.scope)) ?? [];
    scopes.set(keyOf(one.scope), [...list, one]);
  }
  return [...groups.values()].flatMap((scopes) => [...scopes.values()].flat());
}

const encodeWith = (protocol: "http/json" | "http/protobuf") => {
  const encode = bodyEncoder(protocol);
  return (batch: readonly LogRecord[]): Uint8Array => encode(packed(batch)).body as Uint8Array;
};

describe("payloads, read by a decoder that shares nothing with the encoder (§14.1)", () => {
  it.each([
    ["protobuf", encodeWith("http/protobuf")],
    ["json", encodeWith("http/json")],
  ] as const)("%s: every batch decodes to the same records", (format, encode) => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), (batch) => {
        expect(decodeLogs(encode(batch), format)).toEqual(inWireOrder(batch));
      }),
      { numRuns: 300 },
    );
  });

  it("and so it arrives", async () => {
    const batch = fc.sample(record, 200);
    for (const options of [{}, { protocol: "http/json" }, { compression: "gzip" }] as const) {
      await withReceiver(options, async ({ sink, emit, receiver }) => {
        emit(...batch);
        expect(await sink.flush(5_000)).toMatchObject({ success: true });
        expect(receiver.records()).toEqual(inWireOrder(batch));
      });
    }
  });
});
