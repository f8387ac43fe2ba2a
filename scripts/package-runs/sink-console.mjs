import { equal } from "node:assert/strict";

export async function run(load) {
  const { ConsoleSink } = await load("@dagstack/sink-console");
  const { testRecord } = await load("@dagstack/logger-core/testing");
  const chunks = [];
  const stream = {
    write(chunk) {
      chunks.push(Buffer.from(chunk));
      return true;
    },
  };
  const sink = new ConsoleSink({ mode: "json", stream });
  sink.emit(testRecord({ body: "printed" }));
  equal((await sink.flush()).success, true);
  await sink.close();
  equal(JSON.parse(Buffer.concat(chunks).toString("utf8")).body, "printed");
}
