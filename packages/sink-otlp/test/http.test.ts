import type { Answer } from "@dagstack/otlp-receiver";
import { describe, expect, it, vi } from "vitest";
import { numbersOf, status, upTo, withReceiver } from "./rig.ts";

describe("OTLPSink over HTTP", () => {
  it.each([
    ["http/protobuf", "application/x-protobuf"],
    ["http/json", "application/json"],
  ] as const)("posts %s to /v1/logs as %s (§7.2)", async (protocol, type) => {
    await withReceiver({ protocol }, async ({ sink, emitMany, receiver, context }) => {
      emitMany(3);
      expect(await sink.flush(2_000)).toMatchObject({ success: true, droppedCount: 0 });
      const [request] = receiver.requests();
      expect(request).toMatchObject({ method: "POST", path: "/v1/logs" });
      expect(request?.headers).toMatchObject({ "content-type": type, "user-agent": "dagstack-sink-otlp" });
      expect(request?.headers["content-encoding"]).toBeUndefined();
      expect(numbersOf(receiver.records())).toEqual(upTo(3));
      expect(context.ledger.snapshot()).toEqual({ accepted: 3, delivered: 3, pending: 0, dropped: {} });
    });
  });

  it("stamps the observed time when the record is taken in (D-14)", async () => {
    await withReceiver({}, async ({ sink, emitMany, receiver }) => {
      const before = BigInt(Date.now()) * 1_000_000n;
      emitMany(1);
      await sink.flush(2_000);
      expect(receiver.records()[0]?.observedTimeUnixNano).toBeGreaterThanOrEqual(before);
    });
  });

  it("compresses with gzip on request", async () => {
    await withReceiver({ compression: "gzip" }, async ({ sink, emitMany, receiver }) => {
      emitMany(100);
      await sink.flush(2_000);
      const [request] = receiver.requests();
      expect(request?.headers["content-encoding"]).toBe("gzip");
      expect(request?.wireBytes).toBeLessThan((request?.body.length ?? 0) / 2);
      expect(receiver.records()).toHaveLength(100);
    });
  });

  it("sends batches one after the other over one connection, in order", async () => {
    await withReceiver({ batchSize: 10 }, async ({ sink, emitMany, receiver }) => {
      receiver.respond({ kind: "slow", delayMs: 2 });
      emitMany(95);
      await sink.flush(5_000);
      expect(receiver.requests().map((request) => request.records().length)).toEqual([...Array(9).fill(10), 5]);
      expect(new Set(receiver.requests().map(({ clientPort }) => clientPort)).size).toBe(1);
      expect(numbersOf(receiver.records())).toEqual(upTo(95));
    });
  });

  it.each([
    ["malformed", { kind: "status", status: 200, body: "this is no OTLP response" }, 1],
    ["oversized", { kind: "oversized", bytes: 5_000_000 }, 2],
  ] as const)(
    "counts a batch as delivered when a receiver that spoke OTLP before answers 200 with a %s body, and says so once",
    async (_, answer, connections) => {
      await withReceiver({}, async ({ sink, emitMany, receiver, context }) => {
        emitMany(2);
        await sink.flush(2_000);
        receiver.respond(answer);
        for (const _round of upTo(2)) {
          emitMany(2);
          await sink.flush(2_000);
        }
        expect(receiver.requests()).toHaveLength(3);
        // Reading stops at 64 KiB, which costs the connection.
        expect(new Set(receiver.requests().map(({ clientPort }) => clientPort)).size).toBe(connections);
        expect(context.ledger.snapshot()).toMatchObject({ delivered: 6, dropped: {} });
        expect(context.errors.map(({ type }) => type)).toEqual(["unreadable_answer"]);
      });
    },
  );

  it.each<[string, Answer]>([
    [
      "a login page",
      { kind: "status", status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html>" },
    ],
    ["a page under our content type", { kind: "malformed" }],
    ["text", { kind: "status", status: 200, headers: { "content-type": "text/plain" }, body: "It works!" }],
    [
      "JSON that is no OTLP",
      { kind: "status", status: 201, headers: { "content-type": "application/json" }, body: "[]" },
    ],
    ["bytes that are no protobuf", { kind: "status", status: 200, body: "ok" }],
  ])("a receiver that never answered as OTLP says is an outage: a 2xx with %s", async (_, answer) => {
    await withReceiver({}, async ({ sink, emitMany, receiver, context }) => {
      receiver.respond([answer]);
      emitMany(2);
      expect(await sink.flush(5_000)).toMatchObject({ success: true });
      expect(receiver.requests()).toHaveLength(2);
      expect(context.ledger.snapshot()).toMatchObject({ delivered: 2, dropped: {} });
      expect(context.errors.map(({ error }) => String(error))).toEqual([
        expect.stringMatching(/will be tried again: HTTP 20[01] that is no OTLP answer/),
      ]);
      expect(context.diagnostics.map(({ event }) => event)).toEqual(["sink_recovered"]);
    });
  });

  it("a login page is an outage for a receiver that spoke OTLP before, too", async () => {
    await withReceiver({}, async ({ sink, emitMany, receiver, context }) => {
      emitMany(2);
      await sink.flush(2_000);
      receiver.respond([{ kind: "malformed" }]);
      emitMany(2);
      expect(await sink.flush(5_000)).toMatchObject({ success: true });
      expect(receiver.requests()).toHaveLength(3);
      expect(context.errors).toHaveLength(1);
    });
  });

  it("does not repeat a request whose 200 arrived but whose body never ends", async () => {
    await withReceiver({ timeoutMs: 100 }, async ({ sink, emitMany, receiver, context }) => {
      receiver.respond({ kind: "headersOnly" });
      emitMany(2);
      expect(await sink.flush(3_000)).toMatchObject({ success: true });
      expect(receiver.requests()).toHaveLength(1);
      expect(context.errors.map(({ type }) => type)).toEqual(["unreadable_answer"]);
    });
  });

  it("does not follow redirects: a 3xx is final (design §13)", async () => {
    await withReceiver({}, async ({ sink, emitMany, receiver, context }) => {
      receiver.respond(status(307, { location: `${receiver.url}/elsewhere` }));
      emitMany(2);
      const result = await sink.flush(2_000);
      expect(result).toMatchObject({ success: false, droppedCount: 2 });
      expect(receiver.requests()).toHaveLength(1);
      expect(String(context.errors[0]?.error)).toContain("HTTP 307: redirects are not followed");
    });
  });

  it.each([
    ["resets the connection", { kind: "reset" }],
    ["answers something that is not HTTP", { kind: "raw", text: "SSH-2.0-OpenSSH\r\n" }],
    ["hangs", { kind: "hang" }],
    ["answers 503", status(503)],
  ] as const)("tries again when the receiver %s", async (_, answer) => {
    await withReceiver({ timeoutMs: 100 }, async ({ sink, emitMany, receiver, context }) => {
      receiver.respond([answer]);
      emitMany(3);
      expect(await sink.flush(5_000)).toMatchObject({ success: true });
      expect(receiver.requests()).toHaveLength(2);
      expect(numbersOf(receiver.records())).toEqual(upTo(3));
      expect(context.errors).toHaveLength(1);
    });
  });

  it("starts while the receiver is down, says so once, and delivers when it comes up", async () => {
    await withReceiver({}, async ({ sink, emitMany, receiver, context }) => {
      await receiver.stop();
      emitMany(3);
      expect(await sink.flush(50)).toMatchObject({ success: false, droppedCount: 0 });
      expect(context.errors.map(({ error }) => String(error))).toEqual([
        expect.stringContaining("no response (ECONNREFUSED)"),
      ]);
      await receiver.restart();
      expect(await sink.flush(5_000)).toMatchObject({ success: true });
      expect(numbersOf(receiver.records())).toEqual(upTo(3));
      expect(context.errors).toHaveLength(1);
      expect(context.diagnostics.map(({ event }) => event)).toEqual(["sink_recovered"]);
    });
  });

  it("tries again when the host name does not resolve", async () => {
    await withReceiver({ endpoint: "http://no-such-host.invalid:4318" }, async ({ sink, emitMany, context }) => {
      emitMany(1);
      await sink.flush(1_000);
      expect(context.ledger.pending).toBe(1);
      expect(String(context.errors[0]?.error)).toMatch(/no response \((ENOTFOUND|EAI_AGAIN)\)/);
    });
  });

  it("open() connects to the endpoint, for reconfigure (D-85)", async () => {
    await withReceiver({}, async ({ sink, receiver }) => {
      await expect(sink.open()).resolves.toBeUndefined();
      expect(receiver.requests()).toHaveLength(0);
      await receiver.stop();
      await expect(sink.open()).rejects.toThrow(/does not accept connections \(ECONNREFUSED\)/);
    });
  });

  it("close() closes the connections it kept alive", async () => {
    await withReceiver({}, async ({ sink, emitMany, receiver }) => {
      emitMany(1);
      await sink.flush(2_000);
      expect(await receiver.connections()).toBe(1);
      await sink.close();
      await vi.waitFor(async () => expect(await receiver.connections()).toBe(0));
    });
  });

  it("close() cuts off what hangs at its deadline and counts it as closed", async () => {
    await withReceiver({}, async ({ sink, emitMany, receiver, context }) => {
      receiver.respond({ kind: "hang" });
      emitMany(3);
      const before = performance.now();
      await sink.close(100);
      expect(performance.now() - before).toBeLessThan(600);
      expect(context.ledger.snapshot()).toEqual({ accepted: 3, delivered: 0, pending: 0, dropped: { closed: 3 } });
    });
  });
});
