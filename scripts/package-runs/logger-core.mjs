import { deepEqual, equal, throws } from "node:assert/strict";

export async function run(load) {
  const { ConfigError, createRedactor, MASKED_PLACEHOLDER, OptionsCheck, parseLevel } =
    await load("@dagstack/logger-core");
  equal(parseLevel("warn", "level"), 13);
  equal(typeof createRedactor, "function");
  equal(MASKED_PLACEHOLDER, "***");
  equal(typeof OptionsCheck, "function");
  throws(() => {
    throw new ConfigError([{ path: "level", reason: "missing" }]);
  }, ConfigError);
  const { ManualClock, testRecord } = await load("@dagstack/logger-core/testing");
  equal(new ManualClock(5n).now(), 5n);
  deepEqual(testRecord({ body: "hello" }).body, "hello");
  const { HttpSink } = await load("@dagstack/logger-core/http");
  const encode = () => ({ body: "", contentType: "text/plain" });
  equal(new HttpSink({ id: "x:http://localhost", url: "http://localhost", encode }).id, "x:http://localhost");
}
