import { points } from "./points.mjs";

/** A Worker that answers with the results. */
export const worker = (adapter) => ({
  async fetch(_request, { OTLP_URL, SYNC_ONLY }) {
    return Response.json(await points(adapter, { otlpUrl: OTLP_URL, syncOnly: SYNC_ONLY }));
  },
});
