import { once } from "node:events";
import { createServer } from "node:net";
import { plainSink, plainSubject } from "./plain.mjs";

export async function createWithServer() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const got = [];
  return {
    sink: plainSink(got),
    delivered: () => got,
    dispose: () => new Promise((resolve) => server.close(resolve)),
  };
}

export const subject = plainSubject("with a server", import.meta.url, { create: createWithServer });
