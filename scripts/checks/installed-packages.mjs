// Checks on an empty project into which the tarballs were installed.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { entryPoints, root } from "../workspace.mjs";
import { runCommand } from "./run-command.mjs";

/**
 * Loads every entry point both ways, then runs the package's own script, `scripts/package-runs/<folder>.mjs`, which exports
 * `run(load)` and gets `load(specifier)`, an import in one run and a require in the other.
 */
export async function importAndRequire(tally, context) {
  const folder = await context.installed();
  for (const script of ["load-entry-points.mjs", "run-package.mjs"]) {
    copyFileSync(join(root, "scripts", "checks", "in-project", script), join(folder, script));
  }
  const runs = join(folder, "package-runs");
  mkdirSync(runs, { recursive: true });
  for (const [name, { manifest }] of await context.tarballs()) {
    const specifiers = entryPoints(manifest).map(({ subpath }) => name + subpath.slice(1));
    const loaded = await runCommand("node", ["load-entry-points.mjs", ...specifiers], {
      cwd: folder,
      timeoutMs: 60_000,
    });
    tally.command(`${name}: import and require of ${specifiers.join(", ")}`, loaded);
    const script = `${name.split("/")[1]}.mjs`;
    const source = join(root, "scripts", "package-runs", script);
    if (!tally.expect(existsSync(source), `${name} has no scripts/package-runs/${script}`)) continue;
    copyFileSync(source, join(runs, script));
    for (const way of ["import", "require"]) {
      const ran = await runCommand("node", ["run-package.mjs", way, `./package-runs/${script}`], {
        cwd: folder,
        timeoutMs: 60_000,
      });
      tally.command(`${name}: package run by ${way}`, ran);
    }
  }
}

/** Where one dependency imports and another requires, a process holds both formats. */
export async function twoFormats(tally, context) {
  const folder = await context.installed();
  copyFileSync(join(root, "scripts", "checks", "in-project", "two-formats.mjs"), join(folder, "two-formats.mjs"));
  const ran = await runCommand("node", ["two-formats.mjs"], { cwd: folder, timeoutMs: 60_000 });
  tally.command("the import and the require build share registry, redaction and counters", ran);
}

/** What `npm install @dagstack/logger @dagstack/sink-file` puts on a disk. */
export async function onlyOurPackages(tally, context) {
  const folder = await context.project("one-sink", ["@dagstack/logger", "@dagstack/sink-file"]);
  const modules = join(folder, "node_modules");
  const names = readdirSync(modules).filter((name) => !name.startsWith("."));
  const ours = readdirSync(join(modules, "@dagstack")).sort();
  tally.expect(names.join() === "@dagstack", "packages of others were installed", names.join("\n"));
  const expected = ["logger", "logger-core", "sink-console", "sink-file"];
  tally.expect(ours.join() === expected.join(), `expected ${expected.join(", ")}`, ours.join("\n"));
  const nested = ours.filter((name) => existsSync(join(modules, "@dagstack", name, "node_modules")));
  tally.expect(nested.length === 0, "a second copy of a dependency", nested.join("\n"));
}
