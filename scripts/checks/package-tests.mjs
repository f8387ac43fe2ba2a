// The tests of every package, under one version of Node; the steps `unit` and `node24`.
import { rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { workspacePackages } from "../workspace.mjs";
import { inLanes } from "./in-lanes.mjs";
import { runCommand } from "./run-command.mjs";
import { addVitestReport } from "./vitest-report.mjs";

/** A vitest keeps one core busy and, with what it starts, half of another. */
const AT_ONCE = 2;

/** So that no long one is left for the end, where it would run by itself. All others follow; a wrong order costs time, nothing else. */
const LONGEST_FIRST = ["logger", "sink-conformance", "logger-core", "sink-otlp", "sink-file", "sink-console"];

function testedPackages() {
  const rank = ({ manifest }) => (LONGEST_FIRST.indexOf(manifest.name.replace("@dagstack/", "")) + 100) % 100;
  const tested = workspacePackages().filter(({ manifest }) => manifest.scripts?.test !== undefined);
  return tested.sort((a, b) => rank(a) - rank(b));
}

/** Settings of the machine for other programs: a sink under test would follow them. */
function withoutOpenTelemetry() {
  const names = Object.keys(process.env).filter((name) => name.startsWith("OTEL_"));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** Runs the package's script `test`: `{ name, report, ok, output, seconds }`. */
async function runTests({ path, manifest }, firstOnPath) {
  const report = join(path, "test-results", "vitest.json");
  rmSync(report, { force: true });
  const started = performance.now();
  const programs = [join(path, "node_modules", ".bin"), ...firstOnPath, process.env.PATH].join(delimiter);
  const env = { ...withoutOpenTelemetry(), PATH: programs };
  const result = await runCommand(manifest.scripts.test, [], { cwd: path, env, shell: true, timeoutMs: 600_000 });
  return { name: manifest.name, report, ...result, seconds: (performance.now() - started) / 1000 };
}

/**
 * The scripts `test` of the packages, a few at a time, counted by their reports.
 *
 * @param firstOnPath the folders in which `node` is looked for first
 * @param label what the names of packages end in, where failures are listed
 */
export async function packageTests(tally, { packages = testedPackages(), firstOnPath = [], label = "" } = {}) {
  const results = await inLanes(AT_ONCE, packages, (one) => runTests(one, firstOnPath));
  for (const { name, report, ok, output } of results) {
    const failedBefore = tally.failed;
    const end = output.split("\n").slice(-20).join("\n");
    addVitestReport(tally, name + label, report, end);
    if (!ok && tally.failed === failedBefore) tally.fail(`${name}${label}: its script test failed after vitest`, end);
  }
  const slowest = results.sort((a, b) => b.seconds - a.seconds).slice(0, 6);
  tally.note(
    slowest.map(({ name, seconds }) => `${name.replace("@dagstack/", "")} ${seconds.toFixed(0)} s`).join(", "),
  );
}
