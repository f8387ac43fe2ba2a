// Checks on the tarballs as they would be published.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { hooks } from "../../.pnpmfile.mjs";
import { entryPoints } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

/** Calls `check(name, entry)` for each tarball; a package that could not be packed is a failure of its own. */
async function forEachTarball(tally, context, check) {
  for (const [name, entry] of await context.tarballs()) {
    if (entry.tarball === undefined) tally.fail(`${name}: pnpm pack`, entry.error);
    else await check(name, entry);
  }
}

export function packageContents(tally, context) {
  return forEachTarball(tally, context, async (name, { manifest, path, tarball }) => {
    const listed = await runCommand("tar", ["-tzf", tarball]);
    const files = new Set(listed.output.split("\n").map((file) => file.replace(/^package\//, "")));
    const { main, types, exports, imports, typesVersions, bin } = hooks.beforePacking(manifest);
    const targets = strings([main, types, exports, imports, typesVersions, bin].filter(Boolean));
    const wanted = ["package.json", "README.md", "LICENSE", ...targets.map((target) => target.replace(/^\.\//, ""))];
    const missing = wanted.filter((file) => !files.has(file));
    tally.expect(listed.ok && missing.length === 0, `${name}: files missing from the tarball`, missing.join("\n"));
    const stray = [...files].filter((file) =>
      /^(src|test|etc|data|coverage|test-results|node_modules)\/|tsbuildinfo|\.(log|map)$/.test(file),
    );
    tally.expect(stray.length === 0, `${name}: files that do not belong in the tarball`, stray.join("\n"));
    const stale = [...files].filter(
      (file) =>
        file.startsWith("dist/") &&
        !file.startsWith("dist/shared/") && // written anew by each build
        !existsSync(join(path, file.replace(/^dist\/(.*?)(\.d)?\.c?[jt]s$/, "src/$1.ts"))),
    );
    tally.expect(stale.length === 0, `${name}: built from sources that are gone`, stale.join("\n"));
    const packed = await runCommand("tar", ["-xzOf", tarball, "package/package.json"]);
    const protocols = packed.output.match(/"[^"]+": "(?:workspace|catalog|link|file):[^"]*"/g) ?? [];
    tally.expect(packed.ok && protocols.length === 0, `${name}: only this workspace can resolve`, protocols.join("\n"));
    const sourceCondition = packed.output.includes('"@dagstack/source"');
    tally.expect(!sourceCondition, `${name}: a condition that leads to sources, which are not in the tarball`);
  });
}

/** Every string in a value, however deep. */
function strings(value) {
  return typeof value === "string" ? [value] : Object.values(value).flatMap(strings);
}

export function publint(tally, context) {
  return forEachTarball(tally, context, async (name, { tarball }) =>
    tally.command(`publint ${name}`, await runCommand("publint", ["run", tarball, "--strict"])),
  );
}

export function typesResolve(tally, context) {
  return forEachTarball(tally, context, async (name, { manifest, tarball }) => {
    if (entryPoints(manifest).length === 0) return; // a command has no types
    const args = [tarball, "--no-emoji", "--no-color"];
    tally.command(`attw ${name}`, await runCommand("attw", args));
  });
}
