// Counts the log records of OTLP/HTTP protobuf requests without decoding them. Says its port, then the count when asked.
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";

/** The field numbers that lead from ExportLogsServiceRequest over ResourceLogs and ScopeLogs to a LogRecord. */
const PATH_TO_RECORD = [1, 2, 2];

/** Reads protobuf fields; `onMessage` is told of the length-delimited ones. */
function eachMessage(bytes, onMessage) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === 2) {
      const size = varint();
      onMessage(tag >>> 3, bytes.subarray(at, at + size));
      at += size;
    } else if (type === 0) varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else throw new Error(`wire type ${type}`);
  }
}

function countRecords(bytes, depth = 0) {
  let count = 0;
  eachMessage(bytes, (field, inner) => {
    if (field !== PATH_TO_RECORD[depth]) return;
    count += depth === PATH_TO_RECORD.length - 1 ? 1 : countRecords(inner, depth + 1);
  });
  return count;
}

let received = 0;
const server = createServer(async (request, response) => {
  const parts = await request.toArray();
  const body = Buffer.concat(parts);
  received += countRecords(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
  response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => process.send({ received }));
process.on("disconnect", () => process.exit(0));
