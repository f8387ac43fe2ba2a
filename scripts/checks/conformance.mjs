import { relative } from "node:path";
import { root } from "../workspace.mjs";
import { certifiedSinks, certify, readCertificate } from "./certificates.mjs";

/** Each of our sinks keeps the contract, and its README says what the suite finds today. */
export async function conformance(tally) {
  for (const sink of certifiedSinks()) {
    const { conforms, certificate, output } = await certify(sink);
    tally.expect(conforms, `${sink.name} does not conform`, output);
    if (sink.readme === undefined || certificate === undefined) continue;
    const isCurrent = readCertificate(sink.readme) === certificate;
    const readme = relative(root, sink.readme);
    tally.expect(isCurrent, `${readme}: the certificate is stale`, `npm run certify would write:\n${certificate}`);
  }
}
