import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { buildAttributes, buildBody, createRedactor } from "../../src/index.ts";
import { safeUrl } from "../../src/redaction/index.ts";

const SECRET = "s3cret-value";
const redactor = createRedactor();
const form = (value: unknown): unknown => buildAttributes([{ v: value }], redactor).v;
const never = () => false;

/** A request as a server gets it, its response, and both as the client has them. */
async function exchange(): Promise<{
  request: IncomingMessage;
  response: ServerResponse;
  client: unknown;
  answer: unknown;
}> {
  const server = createServer((_, response) => {
    response.statusCode = 201;
    response.setHeader("content-type", "text/plain");
    response.setHeader("set-cookie", `sid=${SECRET}`);
    response.setHeader("location", `/x?token=${SECRET}`);
    response.end("ok");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const served = new Promise<[IncomingMessage, ServerResponse]>((resolve) => {
    server.once("request", (request, response) => resolve([request, response]));
  });
  const headers = {
    authorization: `Bearer ${SECRET}`,
    cookie: `sid=${SECRET}`,
    "x-internal": SECRET,
    "user-agent": "test",
  };
  const client = get({
    host: "127.0.0.1",
    port,
    path: `/a/b?x=1&api_key=${SECRET}&user%5Bpassword%5D=${SECRET}`,
    headers,
  });
  const answer = await new Promise<IncomingMessage>((resolve) => void client.once("response", resolve));
  answer.resume();
  const [request, response] = await served;
  server.close();
  return { request, response, client, answer };
}

describe("D-93: known objects have a short, safe form", () => {
  it("node:http: requests and responses of servers and clients", async () => {
    const { request, response, client, answer } = await exchange();
    const url = "/a/b?x=1&api_key=***&user%5Bpassword%5D=***";
    expect(form(request)).toMatchObject({
      method: "GET",
      url,
      headers: {
        connection: "keep-alive",
        host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        "user-agent": "test",
        "[omitted]": 3,
      },
    });
    expect(form(response)).toStrictEqual({
      status: 201,
      statusText: "Created",
      headers: { "content-type": "text/plain", location: "/x?token=***", "[omitted]": 1 },
    });
    expect(form(client)).toMatchObject({
      method: "GET",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1\/a\/b\?x=1&api_key=\*\*\*/),
    });
    expect(form(answer)).toMatchObject({ status: 201, statusText: "Created" });
    const all = { request, response, client, answer };
    for (const told of [
      buildAttributes([all], redactor),
      buildBody(all, redactor),
      buildAttributes([request], redactor),
    ]) {
      expect(JSON.stringify(told)).not.toContain(SECRET);
      expect(JSON.stringify(told).length).toBeLessThan(2000);
    }
  });

  it("what frameworks put around them", async () => {
    const { request, response } = await exchange();
    class Wrapper {
      readonly raw: unknown;
      readonly log = { secret: SECRET };
      constructor(raw: unknown) {
        this.raw = raw;
      }
    }
    expect(form(new Wrapper(request))).toStrictEqual(form(request));
    expect(form(new Wrapper(response))).toStrictEqual(form(response));
    expect(form(Object.assign(Object.create({ app: 1 }), { req: request, res: response }))).toStrictEqual(
      form(request),
    );
  });

  it("fetch: Request, Response and Headers", () => {
    const headers = { authorization: SECRET, "content-type": "text/html", "x-other": "o" };
    const url = `https://example.test/a?token=${SECRET}`;
    expect(form(new Request(url, { method: "POST", headers, body: "b" }))).toStrictEqual({
      method: "POST",
      url: "https://example.test/a?token=***",
      headers: { "content-type": "text/html", "[omitted]": 2 },
    });
    expect(form(new Response("x", { status: 404, headers }))).toMatchObject({
      status: 404,
      headers: { "[omitted]": 2 },
    });
    expect(form(new Headers(headers))).toStrictEqual({ "content-type": "text/html", "[omitted]": 2 });
  });

  it("URL, URLSearchParams, FormData, Blob, File, Event and streams", () => {
    const data = new FormData();
    data.append("name", "ann");
    data.append("password", SECRET);
    data.append("file", new Blob(["abc"], { type: "text/plain" }), "a.txt");
    expect(form(new URL(`https://ann:${SECRET}@h.test/?a=1&access_token=${SECRET}#id_token=${SECRET}`))).toBe(
      "https://h.test/?a=1&access_token=***#id_token=***",
    );
    expect(form(new URLSearchParams(`a=1&token=${SECRET}`))).toBe("a=1&token=***");
    expect(form(data)).toStrictEqual({
      name: "ann",
      password: "***",
      file: { name: "a.txt", type: "text/plain", size: 3 },
    });
    expect(form(new Blob(["abc"], { type: "text/plain" }))).toStrictEqual({ type: "text/plain", size: 3 });
    expect(form(new Event("click"))).toStrictEqual({ type: "click" });
    const told: string[] = [];
    expect(buildAttributes([{ v: new PassThrough() }], redactor, (kind) => told.push(kind))).toStrictEqual({
      v: "[PassThrough]",
    });
    expect(told).toEqual(["unsupported_type"]);
  });

  it("errors of HTTP clients: what they keep of request and response", () => {
    const error = Object.assign(new Error("Request failed with status code 401"), {
      code: "ERR_BAD_REQUEST",
      config: {
        url: `/login?token=${SECRET}`,
        method: "post",
        baseURL: `https://u:${SECRET}@api.test`,
        data: `{"password":"${SECRET}"}`,
        headers: { Authorization: SECRET, Accept: "a" },
        timeout: 100,
        transformRequest: [null],
      },
      request: new PassThrough(),
      response: {
        status: 401,
        statusText: "Unauthorized",
        data: { token: SECRET, html: "x".repeat(5000) },
        headers: { "set-cookie": [SECRET] },
        config: {},
      },
    });
    for (const told of [
      buildAttributes([{ err: error }], redactor),
      buildAttributes([error], redactor),
      buildBody(error, redactor),
    ]) {
      const text = JSON.stringify(told);
      expect(text).not.toContain(SECRET);
      expect(text.length).toBeLessThan(4000);
      expect(text).toContain("/login?token=***");
      expect(text).toContain("Unauthorized");
    }
  });

  it("other errors keep members of these names as they are", () => {
    const error = Object.assign(new Error("m"), { options: { depth: 3, password: SECRET }, response: "text" });
    expect(form(error)).toMatchObject({ options: { depth: 3, password: "***" }, response: "text" });
  });

  it("whoever only says that he is one is walked like others", () => {
    const odd = (tag: string, members = {}) =>
      Object.assign(Object.create({ [Symbol.toStringTag]: tag }), { a: 1, ...members });
    for (const tag of ["Headers", "URLSearchParams", "FormData", "Blob", "Request", "Response", "URL", "ClickEvent"]) {
      expect(form(odd(tag))).toStrictEqual({ a: 1 });
    }
    expect(form(odd("X", { getHeaders: 1 }))).toStrictEqual({ a: 1, getHeaders: 1 });
  });
});

describe("URLs without user info and with the values of secret names masked", () => {
  it.each([
    ["https://u:p@h/a?b=c", "https://h/a?b=c"],
    ["//u@h/a", "//h/a"],
    ["/a?Token=x&b=1", "/a?Token=***&b=1"],
    ["/a?%74oken=x", "/a?%74oken=***"],
    ["/a?%2574oken=x", "/a?%2574oken=***"],
    ["/a?user[password]=x;c=1", "/a?user[password]=***;c=1"],
    ["/a?user%5Btoken%5D%5B0%5D=x", "/a?user%5Btoken%5D%5B0%5D=***"],
    ["/a?sig=x&X-Amz-Signature=y&code=z", "/a?sig=***&X-Amz-Signature=***&code=***"],
    ["/cb#access_token=x&state=1", "/cb#access_token=***&state=1"],
    ["/a?b=c#top", "/a?b=c#top"],
    ["/a?%zz=1&%zzpassword=2", "/a?%zz=1&%zzpassword=***"],
    ["/a@b?c=u@d", "/a@b?c=u@d"],
    ["/a?token", "/a?token"],
    ["", ""],
  ])("%s is %s", (url, expected) => {
    expect(safeUrl(url, never)).toBe(expected);
  });
});
