import { plainSink, plainSubject } from "./plain.mjs";
import { createWithServer } from "./with-server.mjs";

export const subject = plainSubject("with a server, or alone", import.meta.url, {
  create: createWithServer,
  createAlone: () => plainSink(),
});
