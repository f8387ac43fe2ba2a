import assert from "node:assert/strict";
import { test } from "node:test";
import { configure, Logger } from "@dagstack/logger";
import { __CLASS__ } from "../dist/index.js";

test("what an application logs is written, one masked line per record", async () => {
  /** @type {string[]} */
  const lines = [];
  const logging = configure({ sinks: [new __CLASS__({ write: (line) => lines.push(line) })] });
  Logger.get("shop").info("order placed", { "order.id": 42, api_key: "secret" });
  Logger.get("shop").warn("two\nlines");
  assert.equal((await logging.close()).success, true);
  const [order, warning] = lines.map((line) => JSON.parse(line));
  assert.deepEqual(order.attributes, { "order.id": 42, api_key: "***" });
  assert.equal(warning.body, "two\nlines");
  assert.ok(lines.every((line) => !line.includes("\n")));
});

test("options that make no sense are refused when the sink is made", () => {
  // @ts-expect-error: the types refuse it as well
  assert.throws(() => new __CLASS__({ writes: () => {} }), /ConfigError|writes/);
});
