import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { configure, Logger } from "@dagstack/logger";
import { testRecord } from "@dagstack/logger-core/testing";
import { TcpReceiver } from "../conformance/tcp-receiver.js";
import { TcpSink } from "../dist/index.js";

const FAST = { flushIntervalMs: 5, retry: { initialMs: 20, maxMs: 40 } };

test("what an application logs arrives through an outage, masked, in order, a connection for each batch", async () => {
  const receiver = await TcpReceiver.start();
  const logging = configure({ sinks: [new TcpSink({ ...FAST, port: receiver.port, batchSize: 10 })] });
  const log = Logger.get("shop");
  receiver.fail();
  for (let n = 0; n < 30; n++) log.info("order placed", { n, api_key: "secret" });
  assert.equal((await logging.flush(100)).success, false, "connections are reset");
  const before = receiver.connections;
  receiver.recover();
  assert.equal((await logging.close(5_000)).success, true);
  const records = receiver.lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    records.map(({ attributes }) => attributes.n),
    Array.from({ length: 30 }, (_, n) => n),
  );
  assert.ok(records.every(({ attributes }) => attributes.api_key === "***"));
  assert.equal(receiver.connections - before, 3);
  await receiver.stop();
});

test("a batch that the server did not read to its end is sent again", async () => {
  const texts = /** @type {string[]} */ ([]);
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = "";
    socket.setEncoding("utf8").on("error", () => {});
    if (texts.push("") === 1) {
      socket.once("readable", () => socket.resetAndDestroy()); // gone, with the batch unread
      return;
    }
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("end", () => {
      texts[texts.length - 1] = text;
      socket.end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const sink = new TcpSink({ ...FAST, port: typeof address === "object" ? (address?.port ?? 0) : 0 });
  sink.emit(testRecord({ body: "once" }));
  assert.equal((await sink.flush(5_000)).success, true);
  assert.equal(texts.length, 2);
  assert.match(texts[1] ?? "", /"once"/);
  await sink.close();
  server.close();
});

test("a server that neither reads nor closes costs timeoutMs, and the batch is tried again", async () => {
  const receiver = await TcpReceiver.start();
  const sink = new TcpSink({ ...FAST, port: receiver.port, timeoutMs: 50 });
  receiver.stall();
  sink.emit(testRecord({ body: "late" }));
  assert.equal((await sink.flush(200)).success, false);
  receiver.recover();
  assert.equal((await sink.flush(5_000)).success, true);
  assert.ok(receiver.lines.length >= 1);
  await sink.close();
  await receiver.stop();
});

test("the id names host and port", async () => {
  const sinks = [new TcpSink({ port: 5170 }), new TcpSink({ host: "::1", port: 5170 })];
  assert.deepEqual(
    sinks.map(({ id }) => id),
    ["tcp:127.0.0.1:5170", "tcp:[::1]:5170"],
  );
  for (const sink of sinks) await sink.close();
});

test("options that make no sense are refused when the sink is made, all at once", () => {
  assert.throws(
    () => new TcpSink({ host: "tcp://logs", port: 70_000 }),
    ({ message }) => message.includes("host") && message.includes("port"),
  );
});
