import { describe, expect, it } from "vitest";
import { answer, manualRig, networkError, numbersOf, recordsOf, upTo } from "./rig.ts";

const RECORDS = 5_000;
const OUTAGE_MS = 60_000;

/** Simulated time; the same against a real receiver in real time: `npm run test:long`. */
describe("an outage of 60 s (design §8 row 11)", () => {
  it.each([
    ["503", () => answer(503)],
    ["reset connections", () => networkError("ECONNRESET")],
    ["hanging requests", () => "hang" as const],
    ["refused connections", () => networkError("ECONNREFUSED")],
    ["a name that does not resolve", () => networkError("ENOTFOUND")],
  ])("%s: 5 000 of 5 000 delivered once each, two diagnostics", async (_, fault) => {
    const { sink, emitMany, advance, clock, requests, context } = manualRig(({ atMs }) =>
      atMs < OUTAGE_MS ? fault() : answer(200),
    );
    for (const second of upTo(50)) {
      emitMany(RECORDS / 50, second * (RECORDS / 50));
      await advance(1_000);
    }
    expect(context.ledger.delivered).toBe(0);
    await advance(OUTAGE_MS);
    const flushed = sink.flush(1_000);
    await advance(1_000);
    expect(await flushed).toMatchObject({ success: true, droppedCount: 0 });
    expect(numbersOf(recordsOf(requests.filter(({ atMs }) => atMs >= OUTAGE_MS)))).toEqual(upTo(RECORDS));
    expect(context.ledger.snapshot()).toEqual({ accepted: RECORDS, delivered: RECORDS, pending: 0, dropped: {} });
    expect(context.errors).toHaveLength(1);
    expect(context.diagnostics.map(({ event }) => event)).toEqual(["sink_recovered"]);
    // Back-off: nobody hammers a receiver that is down.
    expect(requests.filter(({ atMs }) => atMs < OUTAGE_MS).length).toBeLessThanOrEqual(10);
    expect(clock.pendingTimers).toBe(0);
  });

  it("an answer lost on its way back repeats one batch at most", async () => {
    let first = true;
    const { emitMany, advance, requests, context } = manualRig(() => {
      const lost = first;
      first = false;
      return lost ? networkError("ECONNRESET") : answer(200);
    });
    emitMany(RECORDS);
    await advance(5_000);
    const received = numbersOf(recordsOf(requests));
    expect(new Set(received).size).toBe(RECORDS);
    expect(received.length - RECORDS).toBeLessThanOrEqual(512);
    expect(context.ledger.delivered).toBe(RECORDS);
  });
});

describe("bounds (design §8 rows 5 and 11)", () => {
  it("5 000 records in one tick: 0 lost with default options", async () => {
    const { emitMany, advance, requests, context } = manualRig(() => answer(200));
    emitMany(RECORDS);
    await advance(1_000);
    expect(numbersOf(recordsOf(requests))).toEqual(upTo(RECORDS));
    expect(context.ledger.delivered).toBe(RECORDS);
  });

  it("beyond queueSize in one tick: the oldest go, the count exact", async () => {
    const { emitMany, advance, requests, context } = manualRig(() => answer(200), { queueSize: 1_000 });
    emitMany(RECORDS);
    await advance(1_000);
    expect(numbersOf(recordsOf(requests))).toEqual(upTo(RECORDS).slice(-1_000));
    expect(context.ledger.snapshot()).toMatchObject({
      delivered: 1_000,
      pending: 0,
      dropped: { buffer_overflow: 4_000 },
    });
  });

  it("drop_newest keeps the oldest", async () => {
    const options = { queueSize: 1_000, overflow: "drop_newest" } as const;
    const { emitMany, advance, requests, context } = manualRig(() => answer(200), options);
    emitMany(RECORDS);
    await advance(1_000);
    expect(numbersOf(recordsOf(requests))).toEqual(upTo(1_000));
    expect(context.ledger.dropped("buffer_overflow")).toBe(4_000);
  });

  it("queueBytes bounds what waits on a receiver that hangs, the count exact at close", async () => {
    const { sink, emitMany, advance, context } = manualRig(() => "hang", { queueSize: 1_000_000, queueBytes: 100_000 });
    emitMany(RECORDS);
    await advance(1_000);
    const { pending } = context.ledger;
    // A record counts for three times its 51 bytes on the wire and 240; a batch is in flight beside what waits.
    expect(pending).toBeLessThan(500);
    expect(pending).toBeGreaterThan(200);
    expect(context.ledger.dropped("buffer_overflow")).toBe(RECORDS - pending);
    const closed = sink.close(2_000);
    await advance(2_000);
    await closed;
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, delivered: 0 });
    expect(context.ledger.dropped("closed")).toBe(pending);
  });
});
