import { request as httpsRequest } from "node:https";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { CertificateAuthority, OtlpReceiver } from "../src/index.ts";

const EMPTY_RECORD = { timeUnixNano: "1", severityNumber: 9, severityText: "INFO" };
const running: OtlpReceiver[] = [];

async function start(...options: Parameters<typeof OtlpReceiver.start>): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start(...options);
  running.push(receiver);
  return receiver;
}

function post(receiver: OtlpReceiver, count = 1, init: RequestInit = {}): Promise<Response> {
  const logRecords = Array.from({ length: count }, () => EMPTY_RECORD);
  return fetch(`${receiver.url}/v1/logs`, {
    method: "POST",
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
    headers: { "content-type": "application/json" },
    ...init,
  });
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((receiver) => receiver.stop()));
});

describe("the receiver", () => {
  it("keeps what it takes, decodes it and answers 200", async () => {
    const receiver = await start();
    const response = await post(receiver, 3);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect(receiver.records()).toHaveLength(3);
    expect(receiver.requests()[0]).toMatchObject({ method: "POST", path: "/v1/logs", format: "json" });
  });

  it("inflates gzip", async () => {
    const receiver = await start();
    const body = gzipSync(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [EMPTY_RECORD] }] }] }));
    await post(receiver, 0, { body, headers: { "content-type": "application/json", "content-encoding": "gzip" } });
    expect(receiver.records()).toHaveLength(1);
    expect(receiver.requests()[0]?.wireBytes).toBe(body.length);
  });

  it("plays a list of answers, then takes everything", async () => {
    const receiver = await start();
    receiver.respond([
      { kind: "status", status: 503, headers: { "retry-after": "7" } },
      { kind: "partial", rejected: 2, message: "no" },
    ]);
    const first = await post(receiver);
    expect([first.status, first.headers.get("retry-after")]).toEqual([503, "7"]);
    expect(await (await post(receiver, 3)).json()).toEqual({
      partialSuccess: { rejectedLogRecords: "2", errorMessage: "no" },
    });
    expect((await post(receiver)).status).toBe(200);
    expect(receiver.records()).toHaveLength(1 + 1);
    receiver.clear();
    expect(receiver.requests()).toHaveLength(0);
  });

  it("hangs, resets, talks nonsense and answers late on command", async () => {
    const receiver = await start();
    receiver.respond({ kind: "hang" });
    await expect(post(receiver, 1, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    receiver.respond({ kind: "reset" });
    await expect(post(receiver)).rejects.toThrow("fetch failed");
    receiver.respond({ kind: "raw", text: "nonsense\r\n\r\n" });
    await expect(post(receiver)).rejects.toThrow("fetch failed");
    expect(receiver.records()).toHaveLength(0);
    receiver.respond({ kind: "reset", taken: true });
    await expect(post(receiver)).rejects.toThrow("fetch failed");
    expect(receiver.records()).toHaveLength(1);
    receiver.respond({ kind: "slow", delayMs: 30, answer: { kind: "status", status: 500 } });
    const before = performance.now();
    expect((await post(receiver)).status).toBe(500);
    expect(performance.now() - before).toBeGreaterThan(25);
    receiver.respond(({ records }) => ({ kind: "oversized", bytes: 1000 * records().length }));
    expect((await (await post(receiver, 2)).text()).length).toBe(2000);
    receiver.respond({ kind: "malformed" });
    expect(await (await post(receiver)).text()).toContain("no OTLP");
    receiver.respond({ kind: "headersOnly" });
    const response = await post(receiver, 1, { signal: AbortSignal.timeout(100) });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it("holds answers until told to go on, and takes nothing from who has hung up by then", async () => {
    const receiver = await start();
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    receiver.respond({ kind: "held", until });
    const gone = new AbortController();
    const [patient, impatient] = [post(receiver, 2), post(receiver, 1, { signal: gone.signal })];
    await expect.poll(() => receiver.requests().length).toBe(2);
    expect(receiver.records()).toHaveLength(0);
    gone.abort();
    await expect(impatient).rejects.toThrow();
    receiver.respond({ kind: "slow", delayMs: 20 }); // longer than the loopback takes to tell of the hang-up
    await post(receiver, 5);
    release();
    expect((await patient).status).toBe(200);
    expect(receiver.records()).toHaveLength(5 + 2);
    receiver.respond({ kind: "held", until, answer: { kind: "status", status: 503 } });
    expect((await post(receiver)).status).toBe(503);
  });

  it("refuses connections while stopped and has the same port after a restart", async () => {
    const receiver = await start();
    const { url } = receiver;
    await post(receiver);
    await receiver.stop();
    await expect(post(receiver)).rejects.toThrow("fetch failed");
    await receiver.restart();
    expect(receiver.url).toBe(url);
    expect((await post(receiver)).status).toBe(200);
  });

  it("speaks TLS under a private authority and asks for a client certificate", async () => {
    const authority = new CertificateAuthority();
    const receiver = await start({ tls: { ...authority.issue("127.0.0.1", "localhost"), ca: authority.cert } });
    const status = (options: object): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { "content-type": "application/json" };
        const request = httpsRequest(`${receiver.url}/v1/logs`, { method: "POST", headers, agent: false, ...options });
        request.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
        request.end("{}");
      });
    const trusted = { ca: authority.cert };
    expect(await status({ ...trusted, ...authority.issue("a client") })).toBe(200);
    await expect(status(trusted)).rejects.toThrow();
    await expect(status(authority.issue("a client"))).rejects.toThrow("certificate");
    const stranger = new CertificateAuthority("stranger").issue("a client");
    await expect(status({ ...trusted, ...stranger })).rejects.toThrow();
  });
});
