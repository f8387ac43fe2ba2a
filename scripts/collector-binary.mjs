// node scripts/collector-binary.mjs: prints the path of an OpenTelemetry Collector with the otlp receiver and the file exporter: the
// one that OTELCOL_BIN names, the one in the cache, or one built now. Where there is none: one line that says why, and exit code 1.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runCommand } from "./checks/run-command.mjs";

/** One release: the builder and the core at `core`, their stable modules at `stable`, the contrib parts at the minor of `core`. */
const versions = { core: "v0.145.0", stable: "v1.51.0", contrib: "v0.145.0" };
const buildLimitMs = 25 * 60_000;
const windows = process.platform === "win32";
const executable = (name) => (windows ? `${name}.exe` : name);

const manifest = (outputPath) =>
  JSON.stringify(
    {
      dist: {
        module: "dagstack.test/otelcol",
        name: "otelcol",
        description: "OpenTelemetry Collector of npm run test:collector",
        version: versions.core.slice(1),
        output_path: outputPath,
      },
      receivers: [{ gomod: `go.opentelemetry.io/collector/receiver/otlpreceiver ${versions.core}` }],
      exporters: [
        {
          gomod: `github.com/open-telemetry/opentelemetry-collector-contrib/exporter/fileexporter ${versions.contrib}`,
        },
      ],
      providers: ["env", "file", "yaml"].map((name) => ({
        gomod: `go.opentelemetry.io/collector/confmap/provider/${name}provider ${versions.stable}`,
      })),
    },
    null,
    2,
  );

function cacheFolder() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const parts = createHash("sha256").update(manifest("")).digest("hex").slice(0, 8);
  return join(cache, "dagstack-ci", `otelcol-${versions.core.slice(1)}-${parts}`);
}

const lastLines = (text) => text.trim().split("\n").slice(-5).join("\n");

/** `{ path }` of a collector, or `{ missing }`, the reason why there is none. `say` gets a line before the build starts. */
export async function findCollector(say = () => {}) {
  const named = process.env.OTELCOL_BIN;
  if (named)
    return existsSync(named) ? { path: named } : { missing: `${named}, which OTELCOL_BIN names, is not there` };
  const folder = cacheFolder();
  const path = join(folder, executable("otelcol"));
  if (existsSync(path)) return { path };
  const flags = await runCommand("go", ["env", "GOFLAGS"]);
  if (!flags.ok) return { missing: "there is no Go to build one with, and OTELCOL_BIN names none" };
  say(`building the OpenTelemetry Collector ${versions.core}, which can take some minutes …`);
  mkdirSync(join(folder, ".."), { recursive: true });
  const work = mkdtempSync(`${folder}.build-`);
  try {
    const failure = await build(work, flags.output.trim());
    if (failure !== undefined) return { missing: failure };
    mkdirSync(folder, { recursive: true });
    renameSync(join(work, "otelcol", executable("otelcol")), path);
    return { path };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Builds into `work`; returns what went wrong, if anything. */
async function build(work, goFlags) {
  const deadline = performance.now() + buildLimitMs;
  // No toolchain but the one that is here, no vendoring that the machine may ask for, and nothing that a C compiler is needed for.
  const env = {
    GOTOOLCHAIN: "local",
    GOFLAGS: `${goFlags} -mod=mod`.trim(),
    CGO_ENABLED: "0",
    GOBIN: work,
    GOWORK: "off",
  };
  writeFileSync(join(work, "manifest.yaml"), manifest(join(work, "otelcol"))); // JSON is YAML
  const steps = [
    ["the collector's builder", "go", "install", `go.opentelemetry.io/collector/cmd/builder@${versions.core}`],
    ["the collector", join(work, executable("builder")), "--config", join(work, "manifest.yaml")],
  ];
  for (const [what, ...command] of steps) {
    // Lets whatever else the machine does go first.
    const [program, ...args] = windows ? command : ["nice", "-n", "19", ...command];
    const { ok, output } = await runCommand(program, args, { cwd: work, env, timeoutMs: deadline - performance.now() });
    if (!ok) return `${what} ${versions.core} could not be built:\n${lastLines(output)}`;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { path, missing } = await findCollector((line) => console.error(line));
  if (path === undefined) console.error(`no OpenTelemetry Collector: ${missing}`);
  else console.log(path);
  process.exitCode = path === undefined ? 1 : 0;
}
