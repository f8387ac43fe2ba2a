import { deepEqual } from "node:assert/strict";

export async function run(load) {
  const { InMemorySink } = await load("@dagstack/sink-memory");
  const { testRecord } = await load("@dagstack/logger-core/testing");
  const sink = new InMemorySink();
  sink.emit(testRecord({ body: "kept" }));
  deepEqual(
    sink.records().map(({ body }) => body),
    ["kept"],
  );
  await sink.close();
}
