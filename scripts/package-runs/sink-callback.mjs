import { deepEqual, equal } from "node:assert/strict";

export async function run(load) {
  const { CallbackSink } = await load("@dagstack/sink-callback");
  const { testRecord } = await load("@dagstack/logger-core/testing");
  const bodies = [];
  const sink = new CallbackSink(async ({ body }) => {
    bodies.push(body);
  });
  sink.emit(testRecord({ body: "called" }));
  equal((await sink.flush(2_000)).success, true);
  await sink.close();
  deepEqual(bodies, ["called"]);
}
