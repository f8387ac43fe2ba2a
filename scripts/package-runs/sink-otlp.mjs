import { deepEqual, equal } from "node:assert/strict";
import { createServer } from "node:http";

/** Sends one record over a real connection. */
export async function run(load) {
  const { OTLPSink } = await load("@dagstack/sink-otlp");
  const { parseOtlpProtobuf, testRecord } = await load("@dagstack/logger-core/testing");
  const bodies = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(Buffer.concat(chunks));
    response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const sink = new OTLPSink({ endpoint: `http://127.0.0.1:${server.address().port}` });
  sink.emit(testRecord({ body: "sent" }));
  equal((await sink.flush(5_000)).success, true);
  deepEqual(
    bodies.flatMap((body) => parseOtlpProtobuf(body)).map(({ body }) => body),
    ["sent"],
  );
  await sink.close();
  server.close();
}
