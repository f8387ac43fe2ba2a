import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { HttpPlatform } from "../transport/index.ts";
import { NodeTransport } from "./transport-node.ts";

/** Node, Deno and Bun. */
export const platform: HttpPlatform = {
  createTransport: (settings) => new NodeTransport(settings),
  gzip: promisify(gzip),
  connections: {
    readFile: (path) => readFileSync(path, "utf8"),
    check(material) {
      // Throws for a bad certificate or key. A bad CA it overlooks.
      createSecureContext(material);
    },
  },
};
