import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

// Spelled in pieces, so that this file does not find itself.
const forbidden = [
  ["a registry host", new RegExp(["registry\\.(npmjs|yarnpkg)", "npm\\.jsr", "registry\\.npmmirror"].join("|"))],
  ["a registry setting", /^\s*(@[\w-]+:)?registry\s*=/m],
  ["a resolved tarball address", /^\s*(tarball|resolved):?\s.*https?:/m],
  ["a machine path", /(?<![\w./-])\/(home|Users|root|work|private\/tmp)\/[\w.-]+/],
];

/** Anyone must be able to install from the registry they use, and build wherever they cloned to. */
export async function trackedFiles(tally) {
  const listed = await runCommand("git", ["ls-files", "-z"]);
  if (!listed.ok) return tally.fail("git ls-files", listed.output);
  const files = listed.output.split("\0").filter((file) => file !== "" && file !== "scripts/checks/tracked-files.mjs");
  for (const [what, pattern] of forbidden) {
    const found = files.flatMap((file) => matchesIn(file, pattern));
    tally.expect(found.length === 0, `${what} in tracked files`, found.join("\n"));
  }
}

function matchesIn(file, pattern) {
  let text;
  try {
    text = readFileSync(join(root, file), "utf8");
  } catch {
    return []; // deleted in the working tree and not yet committed
  }
  const match = pattern.exec(text);
  if (match === null) return [];
  return [`${file}:${text.slice(0, match.index).split("\n").length}: ${match[0].trim()}`];
}
