import { configure, Logger, type Logging } from "@dagstack/logger";
import type { LogRecord } from "@dagstack/logger-core";
import { BatchingSink } from "@dagstack/logger-core/delivery";
import { InMemorySink } from "@dagstack/sink-memory";

declare function require(id: string): unknown;
declare function test(title: string, run: () => Promise<void>): void;

require("./points-of-test.js");

test("what is imported has types and values", async () => {
  const sink: InMemorySink = new InMemorySink();
  const logging: Logging = configure({ resource: { "service.name": "typed" }, sinks: [sink] });
  Logger.get("typed").info("typed", { n: 1 });
  const records: readonly LogRecord[] = sink.records();
  if (records.length !== 1 || typeof BatchingSink !== "function")
    throw new Error("subpaths and their types do not fit");
  await logging.close();
});
