import { relative } from "node:path";
import { root } from "../workspace.mjs";
import { certifiedSinks, certify, readCertificate } from "./certificates.mjs";
import { inLanes } from "./in-lanes.mjs";

/** Each of our sinks keeps the contract, and its README says what the suite finds today. */
export async function conformance(tally) {
  // Much of a run is waiting for what must not happen.
  const runs = await inLanes(2, certifiedSinks(), async (sink) => ({ sink, ...(await certify(sink)) }));
  for (const { sink, conforms, certificate, output } of runs) {
    tally.expect(conforms, `${sink.name} does not conform`, output);
    if (sink.readme === undefined || certificate === undefined) continue;
    const isCurrent = readCertificate(sink.readme) === certificate;
    const readme = relative(root, sink.readme);
    tally.expect(isCurrent, `${readme}: the certificate is stale`, `npm run certify would write:\n${certificate}`);
  }
}
