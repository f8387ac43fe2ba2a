import { currentPage } from "./page-events.ts";
import type { Platform } from "./platform.ts";
import { FetchTransport } from "./transport-fetch.ts";

/** Browsers, workers and edge runtimes. */
export const platform: Platform = {
  createTransport: (url) => new FetchTransport(url, globalThis.fetch, currentPage()),
  async gzip(bytes) {
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  },
};
