// One process, both formats of every package: one registry, one redaction, one set of counters.
import { deepEqual, equal, notEqual } from "node:assert/strict";
import { createRequire } from "node:module";
import * as esm from "@dagstack/logger";
import { InMemorySink } from "@dagstack/sink-memory";

const require = createRequire(import.meta.url);
const cjs = require("@dagstack/logger");
const memory = { esm: new InMemorySink(), cjs: new (require("@dagstack/sink-memory").InMemorySink)() };

const bodies = (sink) => sink.records().map(({ body }) => body);

notEqual(cjs.Logger, esm.Logger, "both formats are loaded");

const options = { resource: { "service.name": "both" }, redaction: { extraSuffixes: ["_pin"] } };
const logging = esm.configure({ ...options, level: "info", sinks: [memory.esm, memory.cjs] });
cjs.Logger.get("shop").info("from cjs", { card_pin: "1234", api_key: "never to be seen" });
esm.Logger.get("shop").info("from esm", { card_pin: "1234", api_key: "never to be seen" });
cjs.Logger.get("shop").debug("below the level of both");
for (const sink of Object.values(memory)) {
  deepEqual(bodies(sink), ["from cjs", "from esm"]);
  for (const { attributes } of sink.records()) deepEqual(attributes, { api_key: "***", card_pin: "***" });
}
for (const { Logger } of [cjs, esm]) {
  deepEqual(Logger.metrics.snapshot().emitted, { shop: { INFO: 2 } });
  equal(Logger.metrics.ledger(memory.cjs.id).accepted, 2);
  deepEqual(Logger.effectiveSecretSuffixes(), esm.Logger.effectiveSecretSuffixes());
}

// What was made by one format is understood by the other: a child, a level, a capture.
const child = cjs.Logger.get("shop").with({ "order.id": 42 });
esm.Logger.get("shop").setLevel("error");
equal(child.isEnabled("info"), false);
esm.Logger.get("shop").setLevel("info");
for (const [by, of] of [
  [cjs, esm],
  [esm, cjs],
]) {
  const captured = await by.captureLogs(() => of.Logger.get("shop").warn("captured"));
  deepEqual(
    captured.records.map(({ body }) => body),
    ["captured"],
  );
}

// An error of configuration is one, whoever asks.
for (const [by, of] of [
  [cjs, esm],
  [esm, cjs],
]) {
  let caught;
  try {
    by.configure({ level: "loud" });
  } catch (error) {
    caught = error;
  }
  equal(caught instanceof of.ConfigError, true, "instanceof across formats");
  equal(caught instanceof by.ConfigError, true);
  equal(new Error("another") instanceof of.ConfigError, false);
}

const { success, droppedCount } = await logging.close();
deepEqual({ success, droppedCount }, { success: true, droppedCount: 0 });
