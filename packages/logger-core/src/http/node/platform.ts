import type { HttpPlatform } from "../transport/index.ts";
import { builtin } from "./modules.ts";
import { NodeTransport } from "./transport-node.ts";

/** Node, Deno and Bun. */
export const nodePlatform: HttpPlatform = {
  createTransport: (settings) => new NodeTransport(settings),
  gzip: (bytes) => builtin("util").promisify<Uint8Array, Uint8Array>(builtin("zlib").gzip)(bytes),
  connections: {
    readFile: (path) => builtin("fs").readFileSync(path, "utf8"),
    check(material) {
      // Throws for a bad certificate or key. A bad CA it overlooks.
      builtin("tls").createSecureContext(material);
    },
  },
};
