// node scripts/certify.mjs: runs the conformance suite over each of our sinks, as built, and writes the certificates into their
// READMEs. `npm run certify` comes here; the step `conformance` of `npm test` fails while one is missing or stale.
import { readFileSync, writeFileSync } from "node:fs";
import { certifiedSinks, certify, withCertificate } from "./checks/certificates.mjs";
import { runCommand } from "./checks/run-command.mjs";

const built = await runCommand("turbo", ["run", "build", "--output-logs=errors-only"]);
if (!built.ok) {
  console.error(built.output);
  process.exit(1);
}
for (const { name, path, readme } of certifiedSinks()) {
  const { conforms, certificate, output } = await certify({ path });
  if (!conforms) process.exitCode = 1;
  console.log(`${name}: ${conforms ? "conforms" : `does not conform\n${output}`}`);
  if (readme === undefined || certificate === undefined) continue;
  const text = readFileSync(readme, "utf8");
  writeFileSync(readme, withCertificate(text, certificate));
}
