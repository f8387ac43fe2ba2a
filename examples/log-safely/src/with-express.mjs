import express from "express";
import { send } from "./send.mjs";

/** An Express application that logs requests, responses and what goes wrong. */
export async function withExpress(log, secret) {
  const application = express();
  application.use(express.json());
  application.use((req, res, next) => {
    log.info("request", { req });
    res.once("finish", () => log.info("response", { res, req }));
    next();
  });
  application.post("/orders/:id", (req, res) => {
    res.cookie("sid", secret);
    log.debug("headers", { headers: req.headers, rawHeaders: req.rawHeaders, query: req.query, body: req.body });
    log.info("socket", { socket: req.socket });
    res.json({ ok: true });
  });
  application.post("/fail", (req) => {
    throw Object.assign(new Error("no such order"), { status: 404, req });
  });
  application.use((error, req, res, _next) => {
    log.error("failed", { err: error, req, res });
    log.exception(error, { url: new URL(req.originalUrl, "http://localhost") });
    res.status(500).end();
  });
  const server = application.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  await send(server, `/orders/42?api_key=${secret}&user[password]=${secret}`, secret);
  await send(server, `/fail?token=${secret}`, secret);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
