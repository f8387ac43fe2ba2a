// The steps of `npm test`, in the order in which they run.
import { apiReports } from "./api-reports.mjs";
import { browser } from "./browser.mjs";
import { bundles } from "./bundles.mjs";
import { collector } from "./collector.mjs";
import { conformance } from "./conformance.mjs";
import { docsCode } from "./docs-code.mjs";
import { importAndRequire, onlyOurPackages, twoFormats } from "./installed-packages.mjs";
import { node24 } from "./node24.mjs";
import { ownTests } from "./own-tests.mjs";
import { packageTests } from "./package-tests.mjs";
import { packageContents, publint, typesResolve } from "./packed-packages.mjs";
import { programs } from "./programs.mjs";
import { importsGoDown } from "./rooms.mjs";
import { runCommand } from "./run-command.mjs";
import { sizes } from "./sizes.mjs";
import { thirdParty } from "./third-party.mjs";
import { trackedFiles } from "./tracked-files.mjs";
import { build, turbo } from "./turbo.mjs";

const command =
  (program, ...args) =>
  async (tally) =>
    tally.command([program, ...args].join(" "), await runCommand(program, args));

/** `name` for --only and --skip, `title` for the reader, `run(tally, context)`. */
export const steps = [
  {
    name: "generated",
    title: "generated code matches data/*.json",
    run: command("node", "scripts/generate.mjs", "--check"),
  },
  { name: "tracked", title: "no registry host, no machine path in tracked files", run: trackedFiles },
  {
    name: "reliability",
    title: "docs/reliability.md has every fault scenario",
    run: command("node", "scripts/faults.mjs", "--check"),
  },
  {
    name: "runtimes",
    title: "docs/runtimes.md has every cell of the matrix",
    run: command("node", "scripts/runtimes.mjs", "--check"),
  },
  { name: "lint", title: "format and lint", run: command("biome", "check", "--error-on-warnings", ".") },
  { name: "rooms", title: "imports go down, no circles, small rooms", run: importsGoDown },
  { name: "scripts", title: "tests of these checks", run: ownTests },
  { name: "build", title: "every package builds", run: build },
  { name: "typecheck", title: "sources and tests type-check", run: turbo("typecheck", "--only") },
  { name: "unit", title: "unit tests", run: (tally) => packageTests(tally) },
  { name: "conformance", title: "our sinks conform, and their certificates say so", run: conformance },
  {
    name: "unused",
    title: "no unused file, export or dependency",
    run: command("knip", "--no-progress", "--no-config-hints"),
  },
  { name: "contents", title: "each tarball holds what it should", run: packageContents },
  { name: "publint", title: "each tarball passes publint --strict", run: publint },
  { name: "types", title: "each tarball's types resolve (attw)", run: typesResolve },
  { name: "install", title: "installed packages load by import and by require", run: importAndRequire },
  { name: "formats", title: "both formats in one process are one logger", run: twoFormats },
  { name: "dependencies", title: "the logger with one sink brings only our packages", run: onlyOurPackages },
  { name: "third-party", title: "a stranger's repository, and two of npm create @dagstack/sink", run: thirdParty },
  { name: "api", title: "public API is as in etc/*.api.md", run: apiReports },
  { name: "sizes", title: "bundle sizes", run: sizes },
  { name: "bundles", title: "one-file bundles run", run: bundles },
  { name: "docs", title: "code in Markdown compiles and runs", run: docsCode },
  { name: "programs", title: "examples and benchmarks run", run: programs },
  { name: "browser", title: "works in a browser", run: browser },
  { name: "collector", title: "OTLPSink against an OpenTelemetry Collector", run: collector },
  { name: "node24", title: "unit tests under Node 24", run: node24 },
];
