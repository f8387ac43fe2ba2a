import { describe, expect, it } from "vitest";
import { answer, manualRig } from "./rig.ts";

const BATCH = { batchSize: 1, flushIntervalMs: 0 };

describe("headers", () => {
  it("a map: sent with each request, names in lower case", async () => {
    const headers = { "X-Api-Key": "k", "x-tab": "a\tb", "x-latin": "é" };
    const { emitMany, advance, requests } = manualRig(() => answer(200), { headers, ...BATCH });
    emitMany(2);
    await advance(100);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.headers).toEqual({
      "x-api-key": "k",
      "x-tab": "a\tb",
      "x-latin": "é",
      "content-type": "application/x-protobuf",
    });
  });

  it("a map is copied: what the caller does to it later changes nothing", async () => {
    const headers: Record<string, string> = { "x-a": "1" };
    const { emitMany, advance, requests } = manualRig(() => answer(200), { headers, ...BATCH });
    headers["bad name"] = "x";
    emitMany(1);
    await advance(100);
    expect(requests[0]?.headers).not.toHaveProperty("bad name");
  });

  it.each([
    ["synchronous", (token: string) => ({ Authorization: token })],
    ["async", async (token: string) => ({ Authorization: token })],
  ])("a %s function is asked before each request, so a token may expire", async (_, headersFor) => {
    let asked = 0;
    const headers = () => headersFor(`Bearer ${++asked}`);
    const respond = ({ atMs }: { atMs: number }) => answer(atMs < 500 ? 503 : 200);
    const { emitMany, advance, requests } = manualRig(respond, { headers, ...BATCH });
    emitMany(2);
    await advance(5_000);
    expect(requests.map(({ headers: sent }) => sent.authorization)).toEqual(["Bearer 1", "Bearer 2", "Bearer 3"]);
  });

  it.each<[string, () => unknown]>([
    ["rejects", () => Promise.reject(new Error("token hunter2 expired"))],
    [
      "throws",
      () => {
        throw new Error("token hunter2 expired");
      },
    ],
    ["gives a bad name", () => ({ "hunter2 ": "x" })],
    ["gives a value that is no string", () => ({ authorization: { token: "hunter2" } })],
    ["gives a line break", () => ({ authorization: "hunter2\r\nx: y" })],
  ])("a function that %s: tried again, and nothing of it is told (design §13)", async (_, bad) => {
    let works = false;
    const headers = (() => (works ? {} : bad())) as never;
    const { emitMany, advance, requests, context } = manualRig(() => answer(200), { headers, ...BATCH });
    emitMany(1);
    await advance(2_000);
    expect(requests).toHaveLength(0);
    expect(context.ledger.pending).toBe(1);
    expect(context.errors.map(({ error }) => String(error))).toEqual([
      expect.stringContaining("the headers function failed or gave a bad header"),
    ]);
    expect(context.errors.map(({ error }) => String(error)).join()).not.toContain("hunter2");
    works = true;
    await advance(10_000);
    expect(context.ledger.delivered).toBe(1);
  });

  it("a function that never answers: tried again after timeoutMs", async () => {
    let asked = 0;
    const headers = () => (++asked === 1 ? new Promise<never>(() => {}) : Promise.resolve({ "x-a": "1" }));
    const { emitMany, advance, context } = manualRig(() => answer(200), { headers, timeoutMs: 500, ...BATCH });
    emitMany(1);
    await advance(499);
    expect(context.errors).toHaveLength(0);
    await advance(2_000);
    expect(context.ledger.delivered).toBe(1);
  });

  it("a function that answers after timeoutMs sends nothing: that attempt is over", async () => {
    let late: (headers: Record<string, string>) => void = () => {};
    const headers = () => new Promise<Record<string, string>>((resolve) => (late = resolve));
    const { emitMany, advance, requests } = manualRig(() => answer(200), { headers, timeoutMs: 500, ...BATCH });
    emitMany(1);
    await advance(500);
    late({});
    await advance(100);
    expect(requests).toHaveLength(0);
  });

  it("a function may answer nothing", async () => {
    const headers = (() => undefined) as never;
    const { emitMany, advance, context } = manualRig(() => answer(200), { headers, ...BATCH });
    emitMany(1);
    await advance(100);
    expect(context.ledger.delivered).toBe(1);
  });

  it("the sink's own content type cannot be taken over by a function", async () => {
    const headers = (() => ({ "content-type": "text/plain" })) as never;
    const { emitMany, advance, context } = manualRig(() => answer(200), { headers, ...BATCH });
    emitMany(1);
    await advance(100);
    expect(context.ledger.pending).toBe(1);
  });
});
