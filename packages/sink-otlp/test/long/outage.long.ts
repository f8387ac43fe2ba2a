import dns from "node:dns";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "@dagstack/logger-core";
import { RecordingContext } from "@dagstack/logger-core/testing";
import { type Answer, OtlpReceiver } from "@dagstack/otlp-receiver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OTLPSink } from "../../src/index.ts";
import { numbersOf, rigOf, status, upTo } from "../rig.ts";

const OUTAGE_MS = 60_000;
const RECORDS = 5_000;
const UNRESOLVED = "collector.invalid";

let resolves = false;
const { lookup } = dns;

beforeAll(() => {
  // What the resolver of this machine would say, without asking it.
  (dns as { lookup: unknown }).lookup = (hostname: string, options: unknown, done: (...args: unknown[]) => void) => {
    if (hostname !== UNRESOLVED) return (lookup as (...args: unknown[]) => void)(hostname, options, done);
    if (resolves) return (lookup as (...args: unknown[]) => void)("127.0.0.1", options, done);
    return setImmediate(done, Object.assign(new Error("not found"), { code: "ENOTFOUND" }));
  };
});
afterAll(() => {
  (dns as { lookup: unknown }).lookup = lookup;
});

async function emitSlowly(emitMany: (count: number, first: number) => void): Promise<void> {
  for (const part of upTo(100)) {
    emitMany(RECORDS / 100, part * (RECORDS / 100));
    await sleep(500);
  }
}

describe.concurrent("60 s of outage in real time (design §8 row 11)", () => {
  const faults: [string, Answer | "refused" | "dns"][] = [
    ["503", status(503)],
    ["RST", { kind: "reset" }],
    ["hang", { kind: "hang" }],
    ["refused", "refused"],
    ["DNS failure", "dns"],
  ];
  it.each(faults)("%s: 5 000 delivered, duplicates at most one batch", async (_, fault) => {
    const receiver = await OtlpReceiver.start();
    const port = new URL(receiver.url).port;
    const endpoint = fault === "dns" ? `http://${UNRESOLVED}:${port}` : receiver.url;
    const { sink, emitMany, context } = rigOf(new OTLPSink({ endpoint }), new RecordingContext(systemClock));
    if (fault === "refused") await receiver.stop();
    else if (fault !== "dns") receiver.respond(fault);
    const emitting = emitSlowly(emitMany);
    await sleep(OUTAGE_MS);
    expect(receiver.records()).toHaveLength(0);
    if (fault === "refused") await receiver.restart();
    if (fault === "dns") resolves = true;
    receiver.respond({ kind: "ok" });
    await emitting;
    expect(await sink.flush(60_000)).toMatchObject({ success: true, droppedCount: 0 });
    const numbers = numbersOf(receiver.records());
    expect(new Set(numbers).size).toBe(RECORDS);
    expect(numbers.length - RECORDS).toBeLessThanOrEqual(512);
    expect(context.ledger.snapshot()).toEqual({ accepted: RECORDS, delivered: RECORDS, pending: 0, dropped: {} });
    await sink.close(1_000);
    await receiver.stop();
  });

  it.each([
    ["seconds", () => "60"],
    ["an HTTP-date", () => new Date(Date.now() + 60_000).toUTCString()],
  ])("Retry-After as %s: no request before 54 s, by any batch", async (_, header) => {
    const receiver = await OtlpReceiver.start();
    receiver.respond([status(429, { "retry-after": header() })]);
    const { sink, emitMany } = rigOf(new OTLPSink({ endpoint: receiver.url }), new RecordingContext(systemClock));
    emitMany(2_000);
    await sleep(30_000);
    emitMany(1_000, 2_000);
    expect(await sink.flush(60_000)).toMatchObject({ success: true });
    const [first, ...later] = receiver.requests().map(({ atMs }) => atMs);
    for (const atMs of later) expect(atMs - (first ?? 0)).toBeGreaterThan(54_000);
    expect((later[0] ?? 0) - (first ?? 0)).toBeLessThan(66_000);
    expect(numbersOf(receiver.records())).toEqual(upTo(3_000));
    await sink.close(1_000);
    await receiver.stop();
  });
});
