import { points } from "./points.mjs";

/** A Worker that answers with the results. */
export const worker = (adapter) => ({
  async fetch(_request, { OTLP_URL }) {
    return Response.json(await points(adapter, { otlpUrl: OTLP_URL }));
  },
});
