// A receiver of OTLP/JSON that counts the records of each sender, who names itself in the path.
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";

export async function startOtlpCounter() {
  const counts = new Map();
  const server = createServer((request, response) => {
    // Pages come from another origin.
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "*");
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
      const sender = request.url.replace(/\/v1\/logs$/, "");
      counts.set(sender, (counts.get(sender) ?? 0) + records(body));
      response.setHeader("content-type", "application/json").end("{}");
    });
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    /** For one cell: the endpoint of a library, and how many records came to it. */
    for(cell) {
      const path = (library) => `/${encodeURIComponent(cell)}/${library}`;
      return {
        url: (library) => origin + path(library),
        received: (library) => counts.get(path(library)) ?? 0,
      };
    },
    close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
}

function records(body) {
  const { resourceLogs = [] } = JSON.parse(body.toString("utf8"));
  return resourceLogs
    .flatMap(({ scopeLogs = [] }) => scopeLogs)
    .reduce((sum, { logRecords = [] }) => sum + logRecords.length, 0);
}
