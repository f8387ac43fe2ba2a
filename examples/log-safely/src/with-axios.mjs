import { createServer } from "node:http";
import axios from "axios";

/** A client that logs what axios throws: an answer that says no, and nobody who answers. */
export async function withAxios(log, secret) {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(401, { "content-type": "application/json", "set-cookie": `sid=${secret}` });
    response.end(JSON.stringify({ error: "no", token: secret, page: "x".repeat(10_000) }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const options = {
    headers: { Authorization: `Bearer ${secret}`, "X-Api-Key": secret },
    auth: { username: "ann", password: secret },
    params: { session_id: secret },
  };
  for (const base of [`http://127.0.0.1:${port}`, "http://127.0.0.1:9443"]) {
    try {
      await axios.post(`${base}/login?token=${secret}`, { user: "ann", password: secret }, options);
    } catch (error) {
      log.error("login failed", { err: error });
      log.exception(error);
      log.error("wrapped", { err: new Error("cannot log in", { cause: error }) });
      if (error.response !== undefined)
        log.warn("answer", { headers: error.response.headers, status: error.response.status });
    }
  }
  server.closeAllConnections();
  server.close();
}
