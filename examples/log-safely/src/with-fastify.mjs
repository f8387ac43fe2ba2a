import fastify from "fastify";
import { send } from "./send.mjs";

/** A Fastify application whose logger is ours: Fastify passes what it has first, then the message. */
export async function withFastify(log, secret) {
  const application = fastify({ loggerInstance: likePino(log) });
  application.post("/orders/:id", async (request, reply) => {
    request.log.info({ request, reply }, "handler");
    log.info("in a handler", { request, reply, req: request.raw, res: reply.raw, headers: request.headers });
    reply.header("set-cookie", `sid=${secret}`);
    return { ok: true };
  });
  application.post("/fail", async () => {
    throw new Error("no such order");
  });
  await application.listen({ port: 0, host: "127.0.0.1" });
  await send(application.server, `/orders/42?api_key=${secret}`, secret);
  await send(application.server, `/fail?token=${secret}`, secret);
  await application.close();
}

/** The methods of pino that Fastify calls. */
function likePino(log) {
  const method = (name) => (first, text) =>
    log[name](text ?? String(first), typeof first === "object" ? first : undefined);
  return {
    level: "trace",
    ...Object.fromEntries(["trace", "debug", "info", "warn", "error", "fatal"].map((name) => [name, method(name)])),
    silent: () => {},
    child: (bindings) => likePino(log.child(bindings)),
  };
}
