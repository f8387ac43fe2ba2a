// An OTLP receiver that counts, in the process of the scenario: "down" (nobody listens), "hangs", or "slow" (200 ms each).
import { once } from "node:events";
import { createServer } from "node:http";

/** `endpoint`, `received()` = records it has answered for, `close()`. Requests must be `http/json`. */
export async function startReceiver(kind) {
  let received = 0;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("error", () => {}); // the process that asked is gone; the scenario counts what was answered
    request.on("end", () => {
      if (kind === "hangs") return;
      const { resourceLogs } = JSON.parse(Buffer.concat(chunks).toString());
      setTimeout(() => {
        for (const { scopeLogs } of resourceLogs) for (const { logRecords } of scopeLogs) received += logRecords.length;
        response.setHeader("content-type", "application/json").end("{}");
      }, 200);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  if (kind === "down") close();
  return { endpoint: `http://127.0.0.1:${port}`, received: () => received, close };
}
