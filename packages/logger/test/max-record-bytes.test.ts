import { TRUNCATED_BYTES_KEY, TRUNCATION_MARK } from "@dagstack/logger-core";
import { parseOtlpProtobuf } from "@dagstack/logger-core/testing";
import { canonicalJson, parseDagstackJsonl } from "@dagstack/logger-core/wire";
import { expect, it } from "vitest";
import { ConfigError, configure, Logger } from "../src/index.ts";
import { configureWithDiagnostics, LineProbe, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

resetAfterEach();

const LIMIT = 262_144;

/** Takes OTLP protobuf. */
class RequestProbe extends ProbeSink {
  readonly lineFormat = "otlp_protobuf";
  request: Uint8Array | undefined;

  emitLine(_severityNumber: number, line: Uint8Array): void {
    this.request = line.slice();
  }
}

/** Made once, since a stack tells where. */
const aggregate = new AggregateError(new Array(100_000).fill(new Error("x")));

/** Logs into a line sink, an OTLP sink and a record sink, each alone, and answers what all of them got. */
function allLanes(body: unknown, attributes: () => unknown, maxRecordBytes?: number) {
  const line = new LineProbe("line", "dagstack");
  configureWithDiagnostics({ sinks: [line], maxRecordBytes });
  Logger.get("shop").info(body, attributes() as object);
  const otlp = new RequestProbe("otlp");
  configureWithDiagnostics({ sinks: [otlp], maxRecordBytes });
  Logger.get("shop").info(body, attributes() as object);
  const record = new ProbeSink("record");
  configureWithDiagnostics({ sinks: [record], maxRecordBytes });
  Logger.get("shop").info(body, attributes() as object);
  const fromLine = parseDagstackJsonl(line.lines[0] as string);
  const fromRecord = record.records[0];
  const fromOtlp = parseOtlpProtobuf(otlp.request as Uint8Array)[0];
  if (fromRecord === undefined || fromOtlp === undefined) throw new Error("no record");
  // Compared as a whole, a failure would print megabytes.
  expect(canonicalJson(fromLine.attributes) === canonicalJson(fromRecord.attributes)).toBe(true);
  expect(canonicalJson(fromLine.body) === canonicalJson(fromRecord.body)).toBe(true);
  expect(canonicalJson(fromOtlp.attributes) === canonicalJson(fromRecord.attributes)).toBe(true);
  expect(canonicalJson(fromOtlp.body) === canonicalJson(fromRecord.body)).toBe(true);
  return fromLine;
}

const sizeOf = ({ body, attributes }: { body: unknown; attributes: unknown }): number =>
  Buffer.byteLength(canonicalJson(body as string)) + Buffer.byteLength(canonicalJson(attributes as object as never));

it("design §13 maxRecordBytes: a record above 256 KiB is cut to it, marked, alike in all lanes", () => {
  const record = allLanes("order placed", () => ({ small: "kept", text: "x".repeat(1_000_000) }));
  expect(sizeOf(record)).toBeLessThanOrEqual(LIMIT);
  expect(sizeOf(record)).toBeGreaterThan(LIMIT - 200);
  expect([record.body, record.attributes.small]).toEqual(["order placed", "kept"]);
  expect(record.attributes.text).toMatch(/^x+…\[truncated\]$/);
  expect(record.attributes[TRUNCATED_BYTES_KEY]).toBeGreaterThan(1_000_000 - LIMIT);
});

it("a record just below the limit is whole", () => {
  const record = allLanes("b", () => ({ text: "x".repeat(LIMIT - 100) }));
  expect(record.attributes).toEqual({ text: "x".repeat(LIMIT - 100) });
});

it.each([
  ["a sparse list of a billion", () => ({ list: new Array(1e9) })],
  ["a list of a million numbers", () => ({ list: Array.from({ length: 1e6 }, (_, n) => n) })],
  ["a map of 300 000 entries", () => ({ map: new Map(Array.from({ length: 300_000 }, (_, n) => [`k${n}`, n])) })],
  ["a set of a million", () => ({ set: new Set(Array.from({ length: 1e6 }, (_, n) => n)) })],
  ["200 000 attributes", () => Object.fromEntries(Array.from({ length: 200_000 }, (_, n) => [`k${n}`, n]))],
  ["a wide tree", () => ({ tree: Array.from({ length: 600 }, () => Array.from({ length: 600 }, () => ({ a: 1 }))) })],
  ["10 MB of bytes", () => ({ bytes: new Uint8Array(10_000_000) })],
  ["a thousand strings of a megabyte", () => ({ list: new Array(1000).fill("é".repeat(1_000_000)) })],
  ["20 000 small attributes in a Map", () => new Map(Array.from({ length: 20_000 }, (_, n) => [String(n), 1]))],
  ["an aggregate of 100 000 errors", () => ({ e: aggregate })],
])("a hostile width is cut and marked, alike in all lanes: %s", (_, make) => {
  const record = allLanes("b", make);
  expect(sizeOf(record)).toBeLessThanOrEqual(LIMIT);
  expect(record.attributes[TRUNCATED_BYTES_KEY]).toBeGreaterThan(0);
  expect(canonicalJson(record.attributes)).toContain(TRUNCATION_MARK);
});

it("maxRecordBytes can be set, and is checked", () => {
  const record = allLanes("x".repeat(5000), () => ({ a: 1 }), 2048);
  expect(sizeOf(record)).toBeLessThanOrEqual(2048);
  expect(record.attributes.a).toBe(1);
  expect(() => configure({ maxRecordBytes: 100 })).toThrow(ConfigError);
});

it("a cut record is told once per logger, without its content", async () => {
  const { diagnostics } = configureWithDiagnostics({ sinks: [new ProbeSink("record")] });
  for (let n = 0; n < 3; n++) Logger.get("shop").info("canary".repeat(100_000));
  const told = diagnostics.records.filter((record) => canonicalJson(record.attributes).includes("truncated"));
  expect(told).toHaveLength(1);
  expect(canonicalJson(told[0]?.body ?? null) + canonicalJson(told[0]?.attributes ?? {})).not.toContain("canary");
});

it("§10.1: under a secret key nothing is read, also when the line is too long and the record is made instead", () => {
  let reads = 0;
  allLanes("b", () => ({
    text: "x".repeat(1_000_000),
    get api_key() {
      reads += 1;
      return "secret";
    },
  }));
  expect(reads).toBe(0);
});
