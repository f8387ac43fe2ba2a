import { ConfigError, type LogRecord } from "@dagstack/logger-core";
import {
  HTTP_USER_OPTIONS,
  HttpSink,
  type HttpSinkOptions,
  type HttpUserOptions,
  outcomeByStatus,
  type RequestToSend,
} from "@dagstack/logger-core/http";
import { ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";

interface FakeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const encode = (batch: readonly LogRecord[]) => ({
  body: JSON.stringify(batch.map(({ body }) => body)),
  contentType: "application/json",
});

/** A sink over a `fetch` that the test answers for, on a clock that stands still. */
function manual(respond: (request: FakeRequest) => Response, options: Partial<HttpSinkOptions> = {}) {
  const requests: FakeRequest[] = [];
  const fetch = (async (url: unknown, init: RequestInit = {}) => {
    const body = new TextDecoder().decode(init.body as Uint8Array);
    const request = { url: String(url), headers: init.headers as Readonly<Record<string, string>>, body };
    requests.push(request);
    return respond(request);
  }) as typeof globalThis.fetch;
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  const sink = new HttpSink({
    id: "acme",
    url: "https://acme.example/in",
    flushIntervalMs: 0,
    encode,
    fetch,
    ...options,
  });
  sink.attach(context);
  return {
    sink,
    clock,
    context,
    requests,
    bodies: () => requests.map(({ body }) => JSON.parse(body)),
    told: () => context.errors.map(({ error }) => String(error)),
    async send(...bodies: readonly unknown[]) {
      for (const body of bodies) {
        context.ledger.accept();
        sink.emit(testRecord({ body: body as string }));
      }
      for (let turn = 0; turn < 5; turn++) await clock.advance(0);
    },
  };
}

const answer = (status: number, headers: Record<string, string> = {}, body: string | null = null): Response =>
  new Response(body, { status, headers });

describe("what a status means where nothing is said about it (design-2 §4)", () => {
  it.each([200, 201, 202, 204, 206])("%i: delivered", async (status) => {
    const { send, context } = manual(() => answer(status));
    await send("a");
    expect(context.ledger.delivered).toBe(1);
  });

  it.each([407, 408, 429, 500, 502, 503, 504, 507, 599])("%i: tried again", async (status) => {
    const { send, context, told } = manual(() => answer(status));
    await send("a");
    expect(context.ledger.pending).toBe(1);
    expect(told()).toEqual([expect.stringContaining(`will be tried again: HTTP ${status}`)]);
  });

  it.each([400, 401, 402, 403, 404, 405, 409, 410, 422, 501])("%i: final", async (status) => {
    const { send, context, told } = manual(() => answer(status));
    await send("a", "b");
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { sink_error: 2 } });
    expect(told()).toEqual([expect.stringContaining(`HTTP ${status}`)]);
  });

  it.each([401, 403])("%i: tried again where headers is a function: the token may have expired", async (status) => {
    const headers = () => ({ authorization: "Bearer x" });
    const { send, context } = manual(() => answer(status), { headers });
    await send("a");
    expect(context.ledger.pending).toBe(1);
  });

  it.each([301, 302, 303, 307, 308])("%i: redirects are not followed", async (status) => {
    const { send, requests, told } = manual(() => answer(status, { location: "https://elsewhere.example" }));
    await send("a");
    expect(requests).toHaveLength(1);
    expect(told()).toEqual([expect.stringContaining(`HTTP ${status}: redirects are not followed`)]);
  });

  it.each(["<!DOCTYPE html><p>log in", "\n <html lang='en'>"])("200 with a page is an outage: %j", async (body) => {
    const { send, context, told } = manual(() => answer(200, { "content-type": "text/html" }, body));
    await send("a");
    expect(context.ledger.pending).toBe(1);
    expect(told()).toEqual([expect.stringContaining("HTTP 200 with a page in place of an answer")]);
  });

  it.each(["ok", "", "{}", "<xml/>", "the <html> word"])("200 with %j is none", async (body) => {
    const { send, context } = manual(() => answer(200, {}, body));
    await send("a");
    expect(context.ledger.delivered).toBe(1);
  });

  it("413: halved; one record alone is lost", async () => {
    const { send, context, bodies } = manual(({ body }) => answer(body.length > 9 ? 413 : 200));
    await send("a", "b", "c", "too long");
    expect(bodies()).toEqual([["a", "b", "c", "too long"], ["a", "b"], ["c", "too long"], ["c"], ["too long"]]);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 3, dropped: { sink_error: 1 } });
  });

  it.each<[string, Record<string, string>, number]>([
    ["retry-after in seconds", { "retry-after": "7" }, 7_000],
    ["x-ratelimit-reset-after", { "x-ratelimit-reset-after": "1.5" }, 1_500],
    ["ratelimit-reset", { "ratelimit-reset": "3" }, 3_000],
    ["x-ratelimit-reset since 1970", { "x-ratelimit-reset": "1700000009" }, 9_000],
    ["retry-after before the others", { "retry-after": "7", "ratelimit-reset": "3" }, 7_000],
  ])("429 with %s: nothing is sent before", async (_, headers, pauseMs) => {
    const { send, clock, requests } = manual(() => answer(429, headers));
    await send("a");
    await clock.advance(pauseMs - 1);
    expect(requests).toHaveLength(1);
    await clock.advance(1);
    expect(requests).toHaveLength(2);
  });
});

describe("read", () => {
  it("gets status, headers and body as text, and the batch; its word counts", async () => {
    let seen: unknown;
    const { send, context } = manual(() => answer(200, { "X-Request-Id": "r1" }, '{"failed":1}'), {
      read: ({ status, headers, body, isWhole }, batch) => {
        seen = [status, headers["x-request-id"], JSON.parse(body), isWhole, batch.length];
        return { status: "rejected", count: 1, reason: "1 refused" };
      },
    });
    await send("a", "b");
    expect(seen).toEqual([200, "r1", { failed: 1 }, true, 2]);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 1, dropped: { sink_error: 1 } });
  });

  it("answers undefined: by the status", async () => {
    const { send, context } = manual(() => answer(404), { read: () => undefined });
    await send("a");
    expect(context.ledger.dropped("sink_error")).toBe(1);
  });

  it("throws: no answer of the destination, so an outage; nothing of the error is told", async () => {
    const { send, context, told } = manual(() => answer(200, {}, "<p>hunter2"), {
      read: ({ body }) => JSON.parse(body) as never,
    });
    await send("a");
    expect(context.ledger.pending).toBe(1);
    expect(told()).toEqual([expect.stringContaining("HTTP 200 with an answer that makes no sense")]);
    expect(told().join()).not.toContain("hunter2");
  });

  it("may build on outcomeByStatus", () => {
    const parts = { headers: {}, body: "", bytes: new Uint8Array(), isWhole: true, afterMs: 5 };
    expect(outcomeByStatus({ ...parts, status: 503 }, 3)).toEqual({ status: "retry", reason: "HTTP 503", afterMs: 5 });
  });
});

describe("encode", () => {
  it("throws for one record: that one is lost, the others arrive", async () => {
    const { send, context, bodies, told } = manual(() => answer(200), {
      encode: (batch) => {
        if (batch.some(({ body }) => body === "bad")) throw new Error("hunter2");
        return encode(batch);
      },
    });
    await send("a", "b", "bad", "c");
    expect(bodies().flat()).toEqual(["a", "b", "c"]);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 3, dropped: { sink_error: 1 } });
    expect(told()).toEqual([expect.stringContaining("a record that cannot be encoded")]);
  });

  it.each([undefined, {}, { body: 5, contentType: "x" }])("answers %j: as if it threw", async (nothing) => {
    const { send, context, requests } = manual(() => answer(200), { encode: () => nothing as never });
    await send("a");
    expect(requests).toHaveLength(0);
    expect(context.ledger.dropped("sink_error")).toBe(1);
  });

  it("may set headers of its own, under those of the user and above none of ours", async () => {
    const { send, requests } = manual(() => answer(200), {
      encode: (batch) => ({ ...encode(batch), headers: { "x-batch": String(batch.length), "x-user": "ours" } }),
      headers: { "X-User": "theirs" },
    });
    await send("a");
    expect(requests[0]?.headers).toEqual({ "content-type": "application/json", "x-batch": "1", "x-user": "theirs" });
  });
});

describe("maxRequestBytes", () => {
  it("splits before anything is sent; a record too large alone is counted and never sent", async () => {
    const { send, context, bodies, told } = manual(() => answer(200), { maxRequestBytes: 12 });
    await send("aa", "bb", "c".repeat(20), "dd", "ee");
    expect(bodies()).toEqual([
      ["aa", "bb"],
      ["dd", "ee"],
    ]);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 4, dropped: { sink_error: 1 } });
    expect(told()).toEqual([expect.stringContaining("too large")]);
    expect(context.errors[0]?.type).toBe("record_too_large");
  });

  it("counts bytes, not characters, before compression", async () => {
    const { send, bodies } = manual(() => answer(200), { maxRequestBytes: 12, compression: "none" });
    await send("éé", "éé");
    expect(bodies()).toEqual([["éé"], ["éé"]]);
  });

  it("is what the destination is known to take, where the user does not say", async () => {
    const defaults = { maxRequestBytes: 12 };
    const known = manual(() => answer(200), { defaults });
    await known.send("aa", "bb", "cc");
    expect(known.bodies()).toEqual([["aa", "bb"], ["cc"]]);
    const said = manual(() => answer(200), { defaults, maxRequestBytes: 100 });
    await said.send("aa", "bb", "cc");
    expect(said.bodies()).toHaveLength(1);
  });
});

describe("headers as a function", () => {
  it("sees what is sent, so that it can sign it", async () => {
    const asked: RequestToSend[] = [];
    const { send, requests } = manual(() => answer(200), {
      headers: async (request) => {
        asked.push(request);
        return { "X-Signature": String(request.body.length) };
      },
    });
    await send("a");
    expect(asked[0]?.url.href).toBe("https://acme.example/in");
    expect(asked[0]?.headers).toEqual({ "content-type": "application/json" });
    expect(requests[0]?.headers["x-signature"]).toBe(String(requests[0]?.body.length));
  });
});

describe("the URL", () => {
  it.each([
    ["https://acme.example", "https://acme.example/bulk"],
    ["https://acme.example/a/", "https://acme.example/a/bulk"],
    ["https://acme.example/a/bulk", "https://acme.example/a/bulk"],
    ["https://acme.example/?q=1", "https://acme.example/bulk?q=1"],
  ])("%s with the path /bulk is %s", async (url, to) => {
    const { send, requests } = manual(() => answer(200), { url, path: "/bulk" });
    await send("a");
    expect(requests[0]?.url).toBe(to);
  });

  it.each<[Partial<HttpSinkOptions>, string]>([
    [{}, "http:https://acme.example/in"],
    [{ kind: "acme" }, "acme:https://acme.example/in"],
    [{ kind: "acme", path: "/bulk" }, "acme:https://acme.example/in"],
    [{ kind: "acme", id: "mine" }, "mine"],
  ])("makes the id, unless one is given: %j is %s", (options, id) => {
    const url = "https://alice:p@acme.example/in?token=x#y";
    expect(new HttpSink({ url, encode, ...options }).id).toBe(id);
  });

  it("user info becomes an authorization header and leaves URL and id", async () => {
    const url = "https://alice:p%40ss@acme.example/in";
    const { send, requests, sink } = manual(() => answer(200), { url, id: `acme:${url}` });
    await send("a");
    expect(requests[0]?.url).toBe("https://acme.example/in");
    expect(requests[0]?.headers.authorization).toBe(`Basic ${btoa("alice:p@ss")}`);
    expect(sink.id).toBe("acme:https://acme.example/in");
  });
});

describe("ConfigError", () => {
  class AcmeSink extends HttpSink {
    constructor(options: HttpUserOptions) {
      super({ ...options, kind: "acme", encode });
    }
  }
  const errorOf = (options: unknown): ConfigError => {
    try {
      new AcmeSink(options as HttpUserOptions);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return error as ConfigError;
    }
    throw new Error("no error was thrown");
  };

  it.each<[string, unknown, string, RegExp]>([
    ["no url", {}, "url", /^AcmeSink: url: allowed: an http or https URL/],
    ["a url that is none", { url: "acme" }, "url", /text that is no URL/],
    ["a proxy that is none", { url: "http://x", proxy: 5 }, "proxy", /got 5; allowed: an http or https URL, or false/],
    ["proxy beside fetch", { url: "http://x", proxy: "http://p", fetch }, "proxy", /business of your fetch/],
    [
      "maxRequestBytes",
      { url: "http://x", maxRequestBytes: 0 },
      "maxRequestBytes",
      /whole number of bytes of at least 1/,
    ],
    ["timeoutMs", { url: "http://x", timeoutMs: 0 }, "timeoutMs", /milliseconds/],
    ["an unknown option", { url: "http://x", queuesize: 1 }, "queuesize", /does not exist.*spell it queueSize/],
    ["an option of the queue", { url: "http://x", queueSize: 0 }, "queueSize", /got 0/],
  ])("%s", (_, options, path, message) => {
    const error = errorOf(options);
    expect(error.path).toBe(path);
    expect(error.message).toMatch(message);
  });

  it("lists all problems of requests at once", () => {
    const { issues } = errorOf({ url: "x", timeoutMs: -1, headers: 5, proxy: "y", tls: 5, compression: "br" });
    const paths = ["compression", "headers", "proxy", "timeoutMs", "tls", "url"];
    expect(issues.map(({ path }) => path).sort()).toEqual(paths);
  });

  it("a sink without encode is refused", () => {
    expect(() => new HttpSink({ id: "x", url: "http://x" } as never)).toThrow(/encode: allowed: a function/);
  });

  it("HTTP_USER_OPTIONS names every option of HttpUserOptions once", () => {
    expect(new Set(HTTP_USER_OPTIONS).size).toBe(HTTP_USER_OPTIONS.length);
    expect(errorOf({ nonsense: 1 }).issues[0]?.allowed?.split(", ")).toEqual(
      expect.arrayContaining([...HTTP_USER_OPTIONS]),
    );
  });
});

describe("deadLetter", () => {
  it("is an option of every HTTP sink's users: what is refused for good is handed to it", async () => {
    const bodies: unknown[] = [];
    const deadLetter = new HttpSink({ url: "http://127.0.0.1:9", encode });
    deadLetter.emit = ({ body }) => void bodies.push(body);
    const { send, context } = manual(() => answer(400), { deadLetter });
    await send("a", "b");
    expect(bodies).toEqual(["a", "b"]);
    expect(context.ledger.dropped("sink_error")).toBe(2);
  });
});

describe("release", () => {
  it("runs what the sink's author wants released, too", async () => {
    let released = 0;
    const { sink } = manual(() => answer(200), { release: () => void released++ });
    await sink.close(0);
    expect(released).toBe(1);
  });
});
