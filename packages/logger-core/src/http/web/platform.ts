import type { HttpPlatform } from "../transport/index.ts";
import { currentPage } from "./page-events.ts";
import { FetchTransport } from "./transport-fetch.ts";

/** Browsers, workers and edge runtimes. */
export const webPlatform: HttpPlatform = {
  createTransport: ({ url, maxAnswerBytes }) =>
    new FetchTransport({ url, maxAnswerBytes, fetch: globalThis.fetch, page: currentPage() }),
  async gzip(bytes) {
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  },
};
