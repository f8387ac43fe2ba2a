// The project that every cell starts from: our tarballs and LogTape installed, the programs beside them.
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../workspace.mjs";
import { toolFolder } from "./tools.mjs";

const packages = [
  "logger",
  "logger-core",
  "sink-console",
  "sink-file",
  "sink-memory",
  "sink-otlp",
  "sink-callback",
  "sink-conformance",
];

/** The folder with `package.json`, `node_modules` and the programs. */
export async function projectFolder(context) {
  const folder = await context.project(
    "runtimes",
    packages.map((name) => `@dagstack/${name}`),
  );
  const logtape = join(folder, "node_modules", "@logtape");
  if (!existsSync(logtape)) symlinkSync(join(await toolFolder("logtape"), "node_modules", "@logtape"), logtape);
  cpSync(join(root, "scripts", "runtimes", "programs"), folder, { recursive: true });
  return folder;
}

/** A program as CommonJS, its packages still to be required: what a CommonJS project runs. */
export async function asCommonJs(project, program) {
  const folder = join(project, "cjs");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, program.replace(/\.mjs$/, ".cjs"));
  await build({
    entryPoints: [join(project, program)],
    outfile,
    bundle: true,
    packages: "external",
    format: "cjs",
    platform: "node",
    logLevel: "silent",
  });
  return outfile;
}
