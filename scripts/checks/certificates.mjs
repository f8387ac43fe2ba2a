// The conformance certificates of our sinks: run from the built packages, kept in their READMEs.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, workspacePackages } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

const START = "<!-- conformance:start -->";
const END = "<!-- conformance:end -->";
const cli = join(root, "conformance", "dist", "cli.js");

/** Every package with a subject: `{ name, path, readme }`; only published ones carry a certificate. */
export function certifiedSinks() {
  return workspacePackages()
    .filter(({ path }) => existsSync(join(path, "conformance", "subject.js")))
    .map(({ path, manifest }) => ({
      name: manifest.name,
      path,
      readme: manifest.private === true ? undefined : join(path, "README.md"),
    }));
}

/** Runs the suite: `{ conforms, certificate, output }`; without a certificate the suite could not run. */
export async function certify({ path }) {
  const folder = join(path, "conformance", "subject.js");
  const { ok, output } = await runCommand("node", [cli, folder, "--format", "markdown", "--quiet"], { cwd: path });
  const certificate = output.startsWith("**") ? output.trim() : undefined;
  return { conforms: ok && certificate !== undefined, certificate, output };
}

/** The certificate in a README, or `undefined` when it has no place for one. */
export function readCertificate(readme) {
  const text = readFileSync(readme, "utf8");
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  return start === -1 || end < start ? undefined : text.slice(start + START.length, end).trim();
}

/** The text of a README with another certificate. */
export function withCertificate(text, certificate) {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start === -1 || end < start) throw new Error(`no place for a certificate: add ${START} and ${END}`);
  return `${text.slice(0, start + START.length)}\n\n${certificate}\n\n${text.slice(end)}`;
}
