import { plainSink, plainSubject } from "./plain.mjs";
import { createWithServer } from "./with-server.mjs";

export const subject = plainSubject("dispose forgets", import.meta.url, {
  create: async () => ({ ...(await createWithServer()), dispose() {} }),
  createAlone: () => plainSink(),
});
