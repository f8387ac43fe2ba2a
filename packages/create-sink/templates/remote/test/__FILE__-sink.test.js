import assert from "node:assert/strict";
import { test } from "node:test";
import { configure, Logger } from "@dagstack/logger";
import { Receiver } from "../conformance/receiver.js";
import { __CLASS__ } from "../dist/index.js";

test("what an application logs arrives through an outage, masked and in order", async () => {
  const receiver = await Receiver.start();
  const sink = new __CLASS__({ url: receiver.url, flushIntervalMs: 5, retry: { initialMs: 20 } });
  const logging = configure({ sinks: [sink] });
  const log = Logger.get("shop");
  receiver.fail();
  for (let n = 0; n < 20; n++) log.info("order placed", { n, api_key: "secret" });
  assert.equal((await logging.flush(100)).success, false, "the receiver is down");
  receiver.recover();
  assert.equal((await logging.close(5_000)).success, true);
  const records = receiver.lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    records.map(({ attributes }) => attributes.n),
    Array.from({ length: 20 }, (_, n) => n),
  );
  assert.ok(records.every(({ attributes }) => attributes.api_key === "***"));
  await receiver.stop();
});

test("credentials in the URL become a header and stay out of the id; a URL that is none is not repeated", () => {
  assert.equal(new __CLASS__({ url: "https://user:hunter2@logs.example" }).id, "__FILE__:https://logs.example");
  assert.throws(
    () => new __CLASS__({ url: "Bearer hunter2" }),
    ({ message }) => message.includes("url") && !message.includes("hunter2"),
  );
});
