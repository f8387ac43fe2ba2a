import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { rig, uncaught } from "./rig.ts";
import { tcpServer } from "./servers.ts";

/** More than the buffers of a loopback connection take. */
const LARGE = "x".repeat(8_000_000);

const ENDINGS: readonly (readonly [string, (socket: Socket, text: string) => void])[] = [
  ["closes", (socket, text) => socket.end(text)],
  ["closes with what was sent unread", (socket, text) => socket.write(text, () => socket.destroy())],
  ["resets", (socket, text) => socket.write(text, () => socket.resetAndDestroy())],
  ["closes a little later", (socket, text) => socket.write(text, () => setTimeout(() => socket.destroy(), 5))],
  ["reads nothing and stays", (socket, text) => socket.write(text)],
];

function answerOf(status: number, close: boolean): string {
  return `HTTP/1.1 ${status} X\r\ncontent-length: 2\r\n${close ? "connection: close\r\n" : ""}\r\nno`;
}

/** Answers before it has read the request, as proxies do. */
function answersEarly(end: (socket: Socket, text: string) => void, text: string, rounds = 1) {
  return tcpServer((socket, nth) => {
    socket.once("data", () => {
      if (nth < rounds) {
        socket.pause();
        end(socket, text);
      } else socket.on("data", () => {}).end("HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n");
    });
  });
}

describe("a receiver that answers before it has read the request and closes", () => {
  const cases = ENDINGS.flatMap(([name, end]) =>
    [413, 401, 429, 503, 200].flatMap((status) => [false, true].map((close) => [status, name, close, end] as const)),
  );

  it.each(cases)("%i, and %s (connection: close %s): no event is without a listener", async (status, _, close, end) => {
    const server = await answersEarly(end, answerOf(status, close));
    const found = await uncaught(async () => {
      const { sink, emit, context } = rig({ url: server.url, retry: { initialMs: 1, maxAttempts: 2 } });
      emit(LARGE);
      await sink.flush(2_000);
      const { delivered, pending } = context.ledger;
      // 401 and 413 are final when the answer was read, and a failed attempt when it was lost on the way.
      expect([delivered + context.ledger.droppedTotal, pending]).toEqual([1, 0]);
      await sink.close(100);
    });
    await server.stop();
    expect(found).toEqual([]);
  });

  it.each([413, 401])("the answer is read where there is one: %i is final", async (status) => {
    const server = await answersEarly((socket, text) => socket.end(text), answerOf(status, true), 9);
    const { sink, emit, context } = rig({ url: server.url });
    emit(LARGE);
    await sink.flush(2_000);
    expect(server.connections).toHaveLength(1);
    expect(context.ledger.dropped("sink_error")).toBe(1);
    await sink.close(0);
    await server.stop();
  });

  it("a connection with an unfinished request is not used again", async () => {
    const server = await answersEarly((socket, text) => socket.write(text), answerOf(200, false), 1);
    const { sink, emit, context } = rig({ url: server.url, batchSize: 1 });
    emit(LARGE, "next");
    expect(await sink.flush(2_000)).toMatchObject({ success: true });
    expect(server.connections).toHaveLength(2);
    const [first] = server.connections;
    const gone = new Promise((resolve) => first?.once("close", resolve));
    first?.resume();
    await gone; // let go of by the sink, long before it closes
    expect(context.ledger.delivered).toBe(2);
    await sink.close(0);
    await server.stop();
  });

  it.each(["gzip", "none"] as const)("no answer at all (%s): a failed attempt", async (compression) => {
    const server = await tcpServer((socket, nth) => {
      socket.once("data", () => {
        if (nth === 0) socket.resetAndDestroy();
        else socket.on("data", () => {}).end("HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n");
      });
    });
    const found = await uncaught(async () => {
      const { sink, emit, told } = rig({ url: server.url, compression });
      emit(LARGE);
      expect(await sink.flush(2_000)).toMatchObject({ success: true });
      expect(told()).toEqual([expect.stringMatching(/will be tried again: no response \((ECONNRESET|EPIPE)\)/)]);
      await sink.close(100);
    });
    await server.stop();
    expect(found).toEqual([]);
  });

  it("with fetch, too", async () => {
    for (const [, end] of ENDINGS.slice(0, 4)) {
      const server = await answersEarly(end, answerOf(503, true));
      const found = await uncaught(async () => {
        const { sink, emit, context } = rig({ url: server.url, fetch: globalThis.fetch });
        emit(LARGE);
        await sink.flush(2_000);
        expect(context.ledger.delivered).toBe(1);
        await sink.close(100);
      });
      await server.stop();
      expect(found).toEqual([]);
    }
  });
});

describe("an answer that breaks off", () => {
  it.each([
    ["in its head", "HTTP/1.1 200 X\r\ncontent-le"],
    ["in its body", "HTTP/1.1 503 X\r\ncontent-length: 100\r\n\r\nhalf"],
    ["in a chunk", "HTTP/1.1 503 X\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab"],
    ["in a bad chunk", "HTTP/1.1 503 X\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nab"],
    ["before it begins", ""],
    ["as another protocol", "SSH-2.0-OpenSSH\r\n"],
    ["with an upgrade nobody asked for", "HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"],
    ["after 100", "HTTP/1.1 100 Continue\r\n\r\n"],
  ])("%s is a failed attempt, and nothing of it is left without a listener", async (_, text) => {
    const server = await tcpServer((socket, nth) => {
      socket.once("data", () => {
        if (nth === 0) socket.end(text);
        else socket.end("HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n");
      });
    });
    const found = await uncaught(async () => {
      const { sink, emit } = rig({ url: server.url });
      emit("a");
      expect(await sink.flush(2_000)).toMatchObject({ success: true });
      expect(server.connections).toHaveLength(2);
      await sink.close(100);
    });
    await server.stop();
    expect(found).toEqual([]);
  });
});
