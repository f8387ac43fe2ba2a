// Logs through two sinks and checks what arrived; bundled into one file by scripts/checks/bundles.mjs.
import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { configure, Logger } from "@dagstack/logger";
import { ConsoleSink } from "@dagstack/sink-console";
import { FileSink } from "@dagstack/sink-file";

const printed = [];
const stream = {
  write(chunk) {
    printed.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
    return true;
  },
};

async function main() {
  const logging = configure({
    level: "info",
    resource: { "service.name": "bundle" },
    sinks: [new ConsoleSink({ mode: "json", stream }), new FileSink("bundle.jsonl")],
  });
  const log = Logger.get("bundle.check", "1.0.0");
  log.debug("below the level");
  log.info("hello", { "order.id": 42, api_key: "never to be seen" });
  const { success, droppedCount } = await logging.flush(2_000);
  deepEqual({ success, droppedCount }, { success: true, droppedCount: 0 });
  await logging.close();
  for (const text of [printed.join(""), readFileSync("bundle.jsonl", "utf8")]) {
    const lines = text.trimEnd().split("\n");
    equal(lines.length, 1, text);
    const record = JSON.parse(lines[0]);
    equal(record.body, "hello");
    deepEqual(record.attributes, { api_key: "***", "order.id": 42 });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
