import { gunzipSync } from "node:zlib";
import { systemClock } from "@dagstack/logger-core";
import { describe, expect, it } from "vitest";
import { HttpDelivery } from "../../src/http/http-delivery.ts";
import { currentPage } from "../../src/http/web/page-events.ts";
import { webPlatform as platform } from "../../src/http/web/platform.ts";
import { FetchTransport } from "../../src/http/web/transport-fetch.ts";
import { httpServer } from "./servers.ts";

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

const parts = {
  url: new URL("http://collector/"),
  encode: (batch: readonly string[]) => ({ body: batch.join(), contentType: "text/plain" }),
  read: undefined,
  headers: { of: async () => ({}), areAsked: false },
  timeoutMs: 1_000,
  maxRequestBytes: 1_000_000,
  clock: () => systemClock,
};

function setUp(compression: "none" | "gzip" = "none") {
  const page = new FakePage();
  const inits: RequestInit[] = [];
  const fetch = (async (_url: unknown, init: RequestInit = {}) => {
    inits.push(init);
    return new Response(null, { status: 200 });
  }) as typeof globalThis.fetch;
  const url = new URL("http://collector/v1/logs");
  const transport = new FetchTransport({ url, fetch, maxAnswerBytes: 1_000, page: currentPage(page) });
  const compress = compression === "gzip" ? platform.gzip : undefined;
  const delivery = new HttpDelivery({ ...parts, transport, compress });
  const deliver = (count: number, filler = "") =>
    delivery.deliver(Array(count).fill(filler), { signal: new AbortController().signal });
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

  it("delivers over the real fetch, compressed, and reads no more of an answer than it should", async () => {
    const server = await httpServer((_, response) => void response.end("x".repeat(1_000_000)));
    const url = new URL(server.url);
    const settings = { url, userAgent: "", tls: undefined, proxy: undefined, onProblem: () => {} };
    const transport = platform.createTransport({ ...settings, maxAnswerBytes: 1_000 });
    const read: [number, boolean][] = [];
    const delivery = new HttpDelivery({
      ...parts,
      transport,
      read: ({ bytes, isWhole }) => {
        read.push([bytes.length, isWhole]);
        return undefined;
      },
      compress: platform.gzip,
    });
    const deliver = () => delivery.deliver(["a", "b"], { signal: new AbortController().signal });
    expect(await deliver()).toEqual({ status: "delivered" });
    expect(read).toEqual([[1_000, false]]);
    expect(server.got[0]?.headers["content-encoding"]).toBe("gzip");
    await server.stop();
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
    const transport = new FetchTransport({ url: new URL("http://collector/"), fetch, maxAnswerBytes: 65_536 });
    const { body } = await transport.post({ headers: {}, body: new Uint8Array() }, new AbortController().signal);
    expect((await body).isWhole).toBe(false);
    expect(cancelled).toBe(true);
  });

  it("has no page in workers, Deno and edge runtimes", () => {
    expect(currentPage({})).toBeUndefined();
    expect(currentPage(new EventTarget() as never)).toBeUndefined();
    expect(currentPage()).toBeUndefined();
  });

  it("knows neither files, probes nor proxies: certificates are the platform's business", () => {
    const settings = { userAgent: "", maxAnswerBytes: 1, tls: undefined, proxy: undefined, onProblem: () => {} };
    expect(platform.connections).toBeUndefined();
    expect(platform.createTransport({ ...settings, url: new URL("http://collector/") }).probe).toBeUndefined();
  });
});
