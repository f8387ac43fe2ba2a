import { equal, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { certifiedSinks, readCertificate, withCertificate } from "../checks/certificates.mjs";

const README = "# Sink\n\n<!-- conformance:start -->\nold\n<!-- conformance:end -->\n\n## Licence\n";

function readBack(text) {
  const folder = mkdtempSync(join(tmpdir(), "dagstack-certificate-"));
  const readme = join(folder, "README.md");
  writeFileSync(readme, text);
  const certificate = readCertificate(readme);
  rmSync(folder, { recursive: true });
  return certificate;
}

test("a certificate takes the place of the old one and nothing else", () => {
  const text = withCertificate(README, "**a** conforms");
  equal(text, README.replace("\nold\n", "\n\n**a** conforms\n\n"));
  equal(readBack(text), "**a** conforms");
});

test("a README without a place for one has no certificate", () => {
  equal(readBack("# Sink\n"), undefined);
  throws(() => withCertificate("# Sink\n", "**a** conforms"), /no place/);
});

test("every published sink is certified", () => {
  const names = certifiedSinks().flatMap(({ name, readme }) => (readme === undefined ? [] : [name]));
  equal(names.join(), ["callback", "console", "file", "memory", "otlp"].map((name) => `@dagstack/sink-${name}`).join());
});
