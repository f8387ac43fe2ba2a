import { gunzipSync } from "node:zlib";
import { type LogRecord, systemClock } from "@dagstack/logger-core";
import { toOtlpProtobuf } from "@dagstack/logger-core/wire";
import { OtlpReceiver } from "@dagstack/otlp-receiver";
import { describe, expect, it } from "vitest";
import { encodeJson } from "../src/encode-batch.ts";
import { HttpDelivery } from "../src/http-delivery.ts";
import { currentPage } from "../src/page-events.ts";
import { platform } from "../src/platform-web.ts";
import { FetchTransport } from "../src/transport-fetch.ts";
import { numbered, numbersOf, upTo } from "./rig.ts";

/** The parts of a browser's globals that are used here. */
class FakePage extends EventTarget {
  readonly document: EventTarget & { visibilityState: string } = Object.assign(new EventTarget(), {
    visibilityState: "visible",
  });

  show(state: "visible" | "hidden"): void {
    this.document.visibilityState = state;
    this.document.dispatchEvent(new Event("visibilitychange"));
  }
}

function setUp(compression: "none" | "gzip" = "none") {
  const page = new FakePage();
  const inits: RequestInit[] = [];
  const fetch = (async (_url: unknown, init: RequestInit = {}) => {
    inits.push(init);
    return new Response(null, { status: 200 });
  }) as typeof globalThis.fetch;
  const transport = new FetchTransport(new URL("http://collector/v1/logs"), fetch, currentPage(page));
  const delivery = new HttpDelivery({
    transport,
    protocol: "http/protobuf",
    encode: (batch: readonly LogRecord[]) => ({ body: toOtlpProtobuf(batch), unencodable: 0 }),
    headers: async () => ({}),
    compression,
    timeoutMs: 1_000,
    gzip: platform.gzip,
    clock: () => systemClock,
    onUnreadableAnswer: () => {},
  });
  const deliver = (count: number, filler = "") =>
    delivery.deliver(
      upTo(count).map((n) => numbered(n, { filler })),
      { signal: new AbortController().signal },
    );
  return { page, transport, inits, deliver };
}

describe("the browser build", () => {
  it("uses keepalive while the page is hidden, so that the request outlives it", async () => {
    const { page, inits, deliver } = setUp();
    await deliver(1);
    page.show("hidden");
    await deliver(1);
    page.show("visible");
    await deliver(1);
    expect(inits.map(({ keepalive }) => keepalive)).toEqual([undefined, true, undefined]);
  });

  it("pagehide counts as hidden until the page comes back", () => {
    const { page, transport } = setUp();
    transport.onLeaving(() => {});
    page.dispatchEvent(new Event("pagehide"));
    expect(transport.isLeaving).toBe(true);
    page.dispatchEvent(new Event("pageshow"));
    expect(transport.isLeaving).toBe(false);
  });

  it("calls back each time the page is hidden or left, and not after close", () => {
    const { page, transport } = setUp();
    let calls = 0;
    transport.onLeaving(() => calls++);
    page.show("hidden");
    page.show("visible");
    page.dispatchEvent(new Event("pagehide"));
    expect(calls).toBe(2);
    transport.close();
    page.show("hidden");
    page.dispatchEvent(new Event("pagehide"));
    expect(calls).toBe(2);
  });

  it("splits what is too large for keepalive, and sends a large record without it", async () => {
    const { page, inits, deliver } = setUp();
    page.show("hidden");
    expect(await deliver(2, "x".repeat(40_000))).toEqual({ status: "split" });
    expect(inits).toHaveLength(0);
    expect(await deliver(1, "x".repeat(70_000))).toEqual({ status: "delivered" });
    expect(inits[0]?.keepalive).toBeUndefined();
  });

  it("does not compress while the page is hidden: there may be no time", async () => {
    const { page, inits, deliver } = setUp("gzip");
    await deliver(1);
    page.show("hidden");
    await deliver(1);
    expect(inits.map(({ headers }) => (headers as Record<string, string>)["content-encoding"])).toEqual([
      "gzip",
      undefined,
    ]);
  });

  it("compresses with CompressionStream", async () => {
    const text = "order placed ".repeat(100);
    const compressed = await platform.gzip(new TextEncoder().encode(text));
    expect(compressed.length).toBeLessThan(200);
    expect(gunzipSync(compressed).toString()).toBe(text);
  });

  it("delivers over the real fetch, and reads no more than 64 KiB of an answer", async () => {
    const receiver = await OtlpReceiver.start();
    receiver.respond([{ kind: "ok" }, { kind: "oversized", bytes: 10_000_000 }, { kind: "partial", rejected: 2 }]);
    const transport = platform.createTransport(new URL(`${receiver.url}/v1/logs`), undefined);
    let unreadable = 0;
    const delivery = new HttpDelivery({
      transport,
      protocol: "http/json",
      encode: encodeJson,
      headers: async () => ({}),
      compression: "gzip",
      timeoutMs: 2_000,
      gzip: platform.gzip,
      clock: () => systemClock,
      onUnreadableAnswer: () => unreadable++,
    });
    const deliver = () =>
      delivery.deliver(
        upTo(5).map((n) => numbered(n)),
        { signal: new AbortController().signal },
      );
    expect(await deliver()).toEqual({ status: "delivered" });
    expect(await deliver()).toEqual({ status: "delivered" });
    expect(unreadable).toBe(1);
    expect(await deliver()).toMatchObject({ status: "rejected", count: 2 });
    expect(numbersOf(receiver.requests()[0]?.records() ?? [])).toEqual(upTo(5));
    await receiver.stop();
    expect(await deliver()).toMatchObject({ status: "retry", reason: "no response (ECONNREFUSED)" });
    transport.close();
  });

  it("stops reading an answer that never ends, and lets go of it", async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(30_000)),
      cancel() {
        cancelled = true;
      },
    });
    const fetch = (async () => new Response(endless)) as typeof globalThis.fetch;
    const transport = new FetchTransport(new URL("http://collector/"), fetch, undefined);
    const { body } = await transport.post({ headers: {}, body: new Uint8Array() }, new AbortController().signal);
    expect(await body).toBeUndefined();
    expect(cancelled).toBe(true);
  });

  it("has no page in workers, Deno and edge runtimes", () => {
    expect(currentPage({})).toBeUndefined();
    expect(currentPage(new EventTarget() as never)).toBeUndefined();
    expect(currentPage()).toBeUndefined();
  });

  it("knows neither files nor probes: certificates are the platform's business", () => {
    expect(platform.tls).toBeUndefined();
    expect(platform.createTransport(new URL("http://collector/"), undefined).probe).toBeUndefined();
  });
});
