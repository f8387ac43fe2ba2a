// One API report per entry point in packages/*/etc. Checks them as a step of `npm test`; run directly (`pnpm api:update`), rewrites them.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { entryPoints, publicPackages, root } from "../workspace.mjs";

const silent = { default: { logLevel: "none" } };

function reportName(manifest, subpath) {
  return [manifest.name.split("/")[1], ...subpath.split("/").slice(1)].join("-");
}

/** Extracts one report into `folder`; returns the compiler's complaints. */
function extract({ path, manifest }, { subpath, types }, folder) {
  const complaints = [];
  const name = reportName(manifest, subpath);
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(path, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: path,
      mainEntryPointFilePath: join(path, types),
      newlineKind: "lf",
      // API Extractor brings its own TypeScript; only resolution matters to it, and it must see what a user sees.
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "ES2022",
            lib: ["ES2023", "ESNext.Disposable", "DOM"],
            module: "NodeNext",
            moduleResolution: "NodeNext",
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: true,
            types: ["node"],
            typeRoots: [join(root, "node_modules/@types")],
          },
          include: [join(path, "dist/**/*.d.ts")],
        },
      },
      apiReport: { enabled: true, reportFileName: name, reportFolder: folder, reportTempFolder: join(folder, "temp") },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: "error" } },
        extractorMessageReporting: {
          ...silent,
          "ae-forgotten-export": { logLevel: "warning", addToApiReportFile: true },
        },
        tsdocMessageReporting: silent,
      },
    },
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      if (message.logLevel === "error") complaints.push(message.text);
      message.handled = true;
    },
  });
  return complaints;
}

/** Declarations that do not hold together make API Extractor throw. */
function tryExtract(packed, point, folder) {
  try {
    return extract(packed, point, folder);
  } catch (error) {
    return [error.message];
  }
}

/** Calls `use` with the freshly made reports of each package: `{ path, names, complaints, folder }`. */
function withFreshReports(use) {
  for (const packed of publicPackages()) {
    const folder = mkdtempSync(join(tmpdir(), "dagstack-api-"));
    try {
      const points = entryPoints(packed.manifest);
      const unbuilt = points
        .filter(({ types }) => !existsSync(join(packed.path, types)))
        .map(({ types }) => `${types} is not built`);
      const complaints = unbuilt.length > 0 ? unbuilt : points.flatMap((point) => tryExtract(packed, point, folder));
      const names = points.map(({ subpath }) => `${reportName(packed.manifest, subpath)}.api.md`);
      use({ ...packed, names, complaints, folder });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

const read = (file) => (existsSync(file) ? readFileSync(file, "utf8") : "");

function firstDifference(expected, actual) {
  const [before, after] = [expected.split("\n"), actual.split("\n")];
  const line = after.findIndex((text, index) => text !== before[index]);
  const at = line === -1 ? after.length : line;
  return `first difference in line ${at + 1}:\n- ${before[at] ?? "(end)"}\n+ ${after[at] ?? "(end)"}\nIf the change is meant: pnpm api:update`;
}

export async function apiReports(tally) {
  withFreshReports(({ manifest, path, names, complaints, folder }) => {
    if (complaints.length > 0) return tally.fail(`${manifest.name}: its declarations`, complaints.join("\n"));
    for (const name of names) {
      const [expected, actual] = [read(join(path, "etc", name)), read(join(folder, name))];
      tally.expect(
        expected === actual && actual !== "",
        `${manifest.name}: etc/${name}`,
        firstDifference(expected, actual),
      );
    }
    const etc = join(path, "etc");
    const stray = existsSync(etc) ? readdirSync(etc).filter((name) => !names.includes(name)) : [];
    if (stray.length > 0) tally.fail(`${manifest.name}: reports of no entry point`, stray.join("\n"));
  });
}

function update() {
  withFreshReports(({ manifest, path, names, complaints, folder }) => {
    if (complaints.length > 0) {
      console.error(`${manifest.name}: ${complaints.join("\n")}`);
      process.exitCode = 1;
      return;
    }
    const etc = join(path, "etc");
    mkdirSync(etc, { recursive: true });
    for (const name of readdirSync(etc)) if (!names.includes(name)) rmSync(join(etc, name));
    for (const name of names) {
      if (read(join(folder, name)) === read(join(etc, name))) continue;
      copyFileSync(join(folder, name), join(etc, name));
      console.log(`wrote ${relative(root, join(etc, basename(name)))}`);
    }
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) update();
