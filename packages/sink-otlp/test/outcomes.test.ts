import { describe, expect, it } from "vitest";
import { answer, manualRig, networkError, numbersOf, recordsOf, upTo } from "./rig.ts";

const BATCH = { batchSize: 10, flushIntervalMs: 0 };

describe("what a status means (contract §7.2, design §7)", () => {
  it.each([200, 202, 204])("%i: delivered, one request", async (code) => {
    const { emitMany, advance, requests, context } = manualRig(() => answer(code), BATCH);
    emitMany(10);
    await advance(60_000);
    expect(requests).toHaveLength(1);
    expect(context.ledger.snapshot()).toEqual({ accepted: 10, delivered: 10, pending: 0, dropped: {} });
    expect(context.errors).toHaveLength(0);
  });

  it.each([400, 401, 403, 404, 408, 500, 501, 505])("%i: final, one request, counted, one diagnostic", async (code) => {
    const { emitMany, advance, requests, context } = manualRig(() => answer(code), BATCH);
    emitMany(10);
    await advance(60_000);
    expect(requests).toHaveLength(1);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, pending: 0, dropped: { sink_error: 10 } });
    expect(context.errors.map(({ error }) => String(error))).toEqual([expect.stringContaining(`HTTP ${code}`)]);
  });

  it.each([429, 502, 503, 504])("%i: tried again until it works", async (code) => {
    let down = true;
    const { emitMany, advance, requests, context } = manualRig(() => answer(down ? code : 200), BATCH);
    emitMany(10);
    await advance(60_000);
    expect(requests.length).toBeGreaterThan(3);
    expect(context.ledger.pending).toBe(10);
    down = false;
    await advance(30_000);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 10, pending: 0, dropped: {} });
    expect(context.errors.map(({ error }) => String(error))).toEqual([expect.stringContaining(`HTTP ${code}`)]);
  });

  it.each([
    "ECONNREFUSED",
    "ECONNRESET",
    "ENOTFOUND",
    "EAI_AGAIN",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "UND_ERR_CONNECT_TIMEOUT",
  ])("%s: tried again, and only the code is named", async (code) => {
    let down = true;
    const { emitMany, advance, context } = manualRig(() => (down ? networkError(code) : answer(200)), BATCH);
    emitMany(10);
    await advance(20_000);
    expect(context.ledger.pending).toBe(10);
    down = false;
    await advance(30_000);
    expect(context.ledger.delivered).toBe(10);
    expect(context.errors.map(({ error }) => String(error))).toEqual([expect.stringContaining(`(${code})`)]);
    expect(String(context.errors[0]?.error)).not.toContain("may name anything");
  });

  it("a code that is none is not told: it may be any text", async () => {
    const { emitMany, advance, context } = manualRig(() => networkError("Bearer hunter2"), BATCH);
    emitMany(10);
    await advance(100);
    expect(String(context.errors[0]?.error)).toContain("no response (no connection)");
  });

  it("no answer in timeoutMs: tried again, the first request aborted", async () => {
    let down = true;
    const { emitMany, advance, requests, context } = manualRig(() => (down ? "hang" : answer(200)), BATCH);
    emitMany(10);
    await advance(9_990);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.init.signal?.aborted).toBe(false);
    down = false;
    await advance(2_000);
    expect(requests[0]?.init.signal?.aborted).toBe(true);
    expect(context.ledger.delivered).toBe(10);
    expect(String(context.errors[0]?.error)).toContain("no answer in 10000 ms");
  });

  it("413: split until it fits; one record too large alone is dropped and counted", async () => {
    const tooLarge = 8;
    const { emitMany, advance, requests, context } = manualRig((request) => {
      const numbers = numbersOf(recordsOf([request]));
      return answer(numbers.length > 3 || numbers.includes(tooLarge) ? 413 : 200);
    }, BATCH);
    emitMany(10);
    await advance(1_000);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 9, pending: 0, dropped: { sink_error: 1 } });
    const delivered = requests.filter((request) => recordsOf([request]).length <= 3);
    const numbers = numbersOf(recordsOf(delivered)).filter((number) => number !== tooLarge);
    expect(numbers).toEqual(expect.arrayContaining(upTo(10).filter((number) => number !== tooLarge)));
    expect(context.errors).toHaveLength(1);
  });

  it("400 with the words of the Collector's body limit is a 413; its text stays out of diagnostics", async () => {
    const { emitMany, advance, requests, context } = manualRig((request) => {
      const fits = recordsOf([request]).length <= 3;
      return fits ? answer(200) : new Response("http: request body too large", { status: 400 });
    }, BATCH);
    emitMany(10);
    await advance(1_000);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 10, pending: 0, dropped: {} });
    expect(requests.length).toBeGreaterThan(1);
    expect(context.errors).toEqual([]);
  });

  it("a redirect that the browser hides (status 0): final", async () => {
    const hidden = Object.defineProperty(new Response(), "status", { value: 0 });
    const { emitMany, advance, requests, context } = manualRig(() => hidden, BATCH);
    emitMany(10);
    await advance(5_000);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.init.redirect).toBe("manual");
    expect(String(context.errors[0]?.error)).toContain("HTTP 3xx: redirects are not followed");
  });

  it("retryBudgetMs: given up and counted when the next attempt would begin later", async () => {
    const { emitMany, advance, requests, context } = manualRig(() => answer(503), { ...BATCH, retryBudgetMs: 5_000 });
    emitMany(10);
    await advance(60_000);
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 10 } });
    expect(requests.at(-1)?.atMs).toBeLessThanOrEqual(5_000);
    const { requests: once, ...rig } = manualRig(() => answer(503), { ...BATCH, retryBudgetMs: 0 });
    rig.emitMany(10);
    await rig.advance(60_000);
    expect(once).toHaveLength(1);
  });

  it("the receiver's text never reaches a diagnostic", async () => {
    const secret = "Bearer hunter2";
    const bodies = [400, 503, 200].map((code) => () => new Response(secret, { status: code, statusText: secret }));
    for (const body of bodies) {
      const { sink, emitMany, advance, context } = manualRig(body, BATCH);
      emitMany(10);
      await advance(3_000);
      const result = sink.flush(0);
      await advance(0);
      const told = [...context.errors.map(({ error }) => String(error)), JSON.stringify(await result)];
      expect(told.join()).not.toContain("hunter2");
    }
  });
});

describe("Retry-After (design §8 row 11)", () => {
  const inAMinute = (): string => new Date(1_700_000_000_000 + 60_000).toUTCString();

  it.each([
    ["seconds", () => "60"],
    ["an HTTP-date", inAMinute],
  ])("given as %s: no batch sends anything before 54 s", async (_, header) => {
    let first = true;
    const { emitMany, advance, requests, context } = manualRig(() => {
      const headers = { "retry-after": header() };
      const response = first ? answer(429, headers) : answer(200);
      first = false;
      return response;
    }, BATCH);
    emitMany(50);
    await advance(30_000);
    emitMany(50, 50);
    await advance(60_000);
    expect(requests.slice(1).every(({ atMs }) => atMs >= 54_000)).toBe(true);
    expect(requests[1]?.atMs).toBeLessThanOrEqual(66_000);
    expect(context.ledger.delivered).toBe(100);
  });

  it.each(["0", "-5", "soon", "", "1e9", "5 apples", "Thu, 01 Jan 1970 00:00:00 GMT"])(
    "%j means plain back-off: at most 3 requests in 3 s",
    async (header) => {
      const { emitMany, advance, requests } = manualRig(() => answer(503, { "retry-after": header }), BATCH);
      emitMany(50);
      await advance(3_000);
      expect(requests.length).toBeGreaterThanOrEqual(2);
      expect(requests.length).toBeLessThanOrEqual(3);
    },
  );

  it("a flush does not shorten it", async () => {
    const { sink, emitMany, advance, requests } = manualRig(() => answer(429, { "retry-after": "60" }), BATCH);
    emitMany(10);
    await advance(10);
    const flushed = sink.flush(5_000);
    await advance(5_000);
    expect(await flushed).toMatchObject({ success: false, droppedCount: 0 });
    expect(requests).toHaveLength(1);
  });
});

describe("partial success", () => {
  const partial = (count: unknown): Response =>
    new Response(JSON.stringify({ partialSuccess: { rejectedLogRecords: count, errorMessage: "field n is secret" } }), {
      headers: { "content-type": "application/json" },
    });

  it("7 answers of 10 refused: 70 dropped as sink_error, reported by count (design §8 row 11)", async () => {
    const { emitMany, advance, requests, context } = manualRig(() => partial("10"), { ...BATCH, batchSize: 20 });
    emitMany(140);
    await advance(60_000);
    expect(requests).toHaveLength(7);
    expect(context.ledger.snapshot()).toEqual({
      accepted: 140,
      delivered: 70,
      pending: 0,
      dropped: { sink_error: 70 },
    });
    expect(String(context.errors[0]?.error)).toContain("10 of 20 records refused by the receiver (partial success)");
    expect(context.errors.map(({ error }) => String(error)).join()).not.toContain("field n");
  });

  it.each([
    [1e12, 10],
    ["99999999999999999999", 10],
    [-3, 0],
    [0, 0],
    ["7", 7],
  ])("a count of %j is clamped to the batch: %i of 10 lost", async (count, lost) => {
    const { emitMany, advance, context } = manualRig(() => partial(count), BATCH);
    emitMany(10);
    await advance(1_000);
    expect(context.ledger.droppedTotal).toBe(lost);
    const told = lost === 0 ? [] : [expect.stringContaining(`${lost} of 10 records refused`)];
    expect(context.errors.map(({ error }) => String(error))).toEqual(told);
    expect(context.ledger.delivered).toBe(10 - lost);
  });
});

describe("an answer", () => {
  it("without a content type is read as what was sent", async () => {
    const body = new TextEncoder().encode('{"partialSuccess":{"rejectedLogRecords":"3"}}');
    const options = { ...BATCH, protocol: "http/json" } as const;
    const { emitMany, advance, context } = manualRig(() => new Response(body), options);
    emitMany(10);
    await advance(100);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 7, dropped: { sink_error: 3 } });
  });

  it("leaves no timer behind", async () => {
    const { emitMany, advance, clock, context } = manualRig(() => answer(200), BATCH);
    emitMany(10);
    await advance(0);
    expect(context.ledger.delivered).toBe(10);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("close at its deadline", () => {
  it("aborts the request under way", async () => {
    const { sink, emitMany, advance, requests } = manualRig(() => "hang", BATCH);
    emitMany(10);
    await advance(0);
    const closed = sink.close(500);
    await advance(499);
    expect(requests[0]?.init.signal?.aborted).toBe(false);
    await advance(1);
    await closed;
    expect(requests[0]?.init.signal?.aborted).toBe(true);
  });
});

describe("a record that cannot be encoded", () => {
  it("costs itself and not its batch, and is counted", async () => {
    const { emit, emitMany, advance, requests, context } = manualRig(() => answer(200), BATCH);
    emitMany(9);
    const foreign = { ...recordWith(undefined), attributes: { when: Symbol("no value") } };
    emit(foreign as never);
    await advance(1_000);
    expect(numbersOf(recordsOf(requests))).toEqual(upTo(9));
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 9, pending: 0, dropped: { sink_error: 1 } });
  });

  it("makes no request when no record of the batch is left", async () => {
    const { emit, advance, requests, context } = manualRig(() => answer(200), BATCH);
    emit({ ...recordWith(undefined), body: (() => {}) as never } as never);
    await advance(1_000);
    expect(requests).toHaveLength(0);
    expect(context.ledger.dropped("sink_error")).toBe(1);
  });
});

function recordWith(body: unknown): object {
  return {
    timeUnixNano: 1n,
    observedTimeUnixNano: null,
    severityNumber: 9,
    severityText: "INFO",
    body: body ?? "x",
    attributes: {},
    resource: null,
    instrumentationScope: { name: "foreign", version: null, attributes: {} },
    traceId: null,
    spanId: null,
    traceFlags: 0,
  };
}
