// An OTLP receiver on TCP, in the process of the scenario, which is told per connection and per request what to do.
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { gunzipSync } from "node:zlib";

/**
 * @param connected called with each socket and its number from 0; a true answer means that it took the socket over
 * @param answer called with each request that was read, its number from 0 and `done`, which takes it; a false answer: it is taken
 */
export async function startReceiver({ connected = () => false, answer = () => false }) {
  const numbers = [];
  const sockets = new Set();
  let requests = 0;
  const http = createHttpServer(async (request, response) => {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // cut off: nothing of it counts
    }
    const body = Buffer.concat(chunks);
    const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    const done = () => {
      numbers.push(...numbersIn(plain.toString()));
      response.setHeader("content-type", "application/json").end("{}");
    };
    if (!answer({ request, response, nth: requests++, done })) done();
  });
  http.keepAliveTimeout = 0;
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // reset by the sink, or by us
    socket.on("close", () => sockets.delete(socket));
    if (!connected(socket, connections++)) http.emit("connection", socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    numbers,
    requests: () => requests,
    connections: () => connections,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function numbersIn(text) {
  const records = JSON.parse(text).resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords),
  );
  return records.map(({ attributes }) => Number(attributes.find(({ key }) => key === "n").value.intValue));
}
