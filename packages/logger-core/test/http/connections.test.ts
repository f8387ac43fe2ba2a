import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { Connections } from "../../src/http/node/connections.ts";
import { NodeTransport } from "../../src/http/node/transport-node.ts";
import { rig, uncaught } from "./rig.ts";
import { httpServer, tcpServer } from "./servers.ts";

const OK = "HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n";

describe("a connection that lay idle and was closed by the other side", () => {
  it.each<[string, (socket: import("node:net").Socket) => void]>([
    ["closed", (socket) => socket.destroy()],
    ["reset", (socket) => socket.resetAndDestroy()],
    ["closed after a 408", (socket) => socket.end("HTTP/1.1 408 X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")],
  ])("%s as the request comes: sent again at once on a new one, without a diagnostic", async (_, close) => {
    const server = await tcpServer((socket, nth) => {
      let requests = 0;
      socket.on("data", () => {
        if (nth === 0 && ++requests === 2) close(socket);
        else socket.write(OK);
      });
    });
    const found = await uncaught(async () => {
      const { sink, emit, told, context } = rig({ url: server.url, retry: { initialMs: 60_000 } });
      emit("a");
      await sink.flush(1_000);
      emit("b");
      expect(await sink.flush(1_000)).toMatchObject({ success: true });
      expect(server.connections).toHaveLength(2);
      expect(context.ledger.delivered).toBe(2);
      expect(told()).toEqual([]);
      expect(context.diagnostics).toEqual([]);
      await sink.close(0);
    });
    await server.stop();
    expect(found).toEqual([]);
  });

  it("closed while nobody asks for it: the next request makes a new one", async () => {
    const server = await tcpServer((socket) => socket.on("data", () => socket.write(OK)));
    const { sink, emit, told } = rig({ url: server.url, retry: { initialMs: 60_000 } });
    emit("a");
    await sink.flush(1_000);
    server.connections[0]?.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    emit("b");
    expect(await sink.flush(1_000)).toMatchObject({ success: true });
    expect(told()).toEqual([]);
    await sink.close(0);
    await server.stop();
  });

  it("is tried again once: a second failure, on a new connection, is an outage", async () => {
    const server = await tcpServer((socket, nth) => {
      let requests = 0;
      socket.on("data", () => {
        if (nth === 0 && ++requests === 1) socket.write(OK);
        else socket.destroy();
      });
    });
    const { sink, emit, told } = rig({ url: server.url, retry: { initialMs: 60_000 } });
    emit("a");
    await sink.flush(1_000);
    emit("b");
    expect(await sink.flush(100)).toMatchObject({ success: false });
    expect(server.connections).toHaveLength(2);
    expect(told()).toEqual([expect.stringContaining("no response (ECONNRESET)")]);
    await sink.close(0);
    await server.stop();
  });

  it("a reset of a new connection is a failed attempt, not sent again at once", async () => {
    const server = await tcpServer((socket) => socket.on("data", () => socket.destroy()));
    const { sink, emit } = rig({ url: server.url, retry: { initialMs: 60_000 } });
    emit("a");
    await sink.flush(100);
    expect(server.connections).toHaveLength(1);
    await sink.close(0);
    await server.stop();
  });
});

describe("the age of connections", () => {
  const settings = (url: string) => ({
    url: new URL(url),
    userAgent: "test",
    maxAnswerBytes: 100,
    tls: undefined,
    proxy: undefined,
    onProblem: () => {},
  });
  const post = async (transport: NodeTransport) => {
    const { body } = await transport.post({ headers: {}, body: new Uint8Array(1) }, new AbortController().signal);
    await body;
    await new Promise((resolve) => setImmediate(resolve));
  };

  it("is two minutes at most: then names are asked again", async () => {
    const server = await httpServer((_, response) => void response.end());
    let nowMs = 0;
    const transport = new NodeTransport(settings(server.url), () => nowMs);
    for (nowMs of [0, 60_000, 119_999, 120_000, 200_000, 240_000]) await post(transport);
    const ports = server.got.map(({ port }) => port);
    expect(ports.map((port) => ports.indexOf(port))).toEqual([0, 0, 0, 3, 3, 5]);
    transport.close();
    await server.stop();
  });

  it("counts from the connection, whatever becomes of the request", () => {
    const connections = new Connections(settings("http://127.0.0.1:9"), () => 0);
    expect(() => connections.refresh()).not.toThrow();
    connections.close();
  });
});

describe("an answer's body", () => {
  const TEXT = `{"failed":1,"text":"${"é".repeat(200)}"}`;

  it.each([
    ["gzip", gzipSync(TEXT)],
    ["X-GZIP", gzipSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
    ["deflate", deflateRawSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["identity", Buffer.from(TEXT)],
    ["", Buffer.from(TEXT)],
  ])("compressed as %j is read like a plain one", async (encoding, bytes) => {
    const server = await httpServer((_, response) => {
      response.writeHead(200, encoding === "" ? {} : { "content-encoding": encoding }).end(bytes);
    });
    const answers: string[] = [];
    const { sink, emit } = rig({
      url: server.url,
      read: ({ body, isWhole }) => {
        answers.push(`${isWhole} ${body}`);
        return { status: "delivered" };
      },
    });
    emit("a");
    await sink.flush(1_000);
    expect(answers).toEqual([`true ${TEXT}`]);
    await sink.close(0);
    await server.stop();
  });

  it.each<[string, Record<string, string>, Uint8Array]>([
    ["larger than the cap", {}, Buffer.from("x".repeat(5_000))],
    ["a bomb", { "content-encoding": "gzip" }, gzipSync(Buffer.alloc(50_000_000))],
    ["compressed as nobody knows", { "content-encoding": "zstd" }, Buffer.from("x")],
    ["compressed badly", { "content-encoding": "gzip" }, Buffer.from("no gzip")],
  ])("%s: is cut or left out, and said to be not whole; the status counts", async (_, headers, bytes) => {
    const server = await httpServer((_got, response) => void response.writeHead(200, headers).end(bytes));
    const answers: [number, boolean][] = [];
    const { sink, emit, context } = rig({
      url: server.url,
      maxAnswerBytes: 1_000,
      read: ({ bytes: read, isWhole }) => {
        answers.push([read.length, isWhole]);
        return undefined;
      },
    });
    emit("a");
    expect(await sink.flush(1_000)).toMatchObject({ success: true });
    expect(answers).toEqual([[expect.any(Number), false]]);
    expect(answers[0]?.[0]).toBeLessThanOrEqual(1_000);
    expect(context.ledger.delivered).toBe(1);
    await sink.close(0);
    await server.stop();
  });

  it("cut off while compressed: what came is read", async () => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 3_000 }, (_, n) => `line ${n * 7919}`).join("\n")));
    const server = await httpServer((_, response) => {
      response.writeHead(400, { "content-encoding": "gzip", "content-length": whole.length });
      response.write(whole.subarray(0, whole.length - 100), () => response.destroy());
    });
    const answers: string[] = [];
    const { sink, emit } = rig({
      url: server.url,
      read: ({ body, isWhole }) => {
        answers.push(`${isWhole} ${body.slice(0, 6)}`);
        return undefined;
      },
    });
    emit("a");
    await sink.flush(1_000);
    expect(answers).toEqual(["false line 0"]);
    await sink.close(0);
    await server.stop();
  });
});

describe("connections in the end", () => {
  it("close() lets go of all of them", async () => {
    const server = await tcpServer((socket) => socket.on("data", () => socket.write(OK)));
    const { sink, emit } = rig({ url: server.url });
    emit("a");
    await sink.flush(1_000);
    const gone = vi.fn();
    server.connections[0]?.once("close", gone);
    await sink.close();
    await vi.waitFor(() => expect(gone).toHaveBeenCalled());
    await server.stop();
  });
});
