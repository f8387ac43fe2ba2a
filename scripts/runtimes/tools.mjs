// The runtimes, test runners and bundlers of the matrix, from the npm registry, kept outside the repository.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../checks/run-command.mjs";

/** Where tools are kept. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "dagstack-ci", "runtimes");

const { platform, arch } = process;

/** Runtimes as their packages for one platform: what `node`, `deno` and `bun` fetch or link in install scripts. */
const node = { package: `node-${platform}-${arch}`, file: "bin/node" };
const deno = { package: `@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`, file: "deno" };
const bun = { package: `@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}`, file: "bin/bun" };

/** Where a runtime's binary is, by tool. */
const binaries = { node20: node, node22: node, node24: node, node26: node, deno, bun };

/** What each tool is made of. Exact versions: a new one is taken in on purpose. */
export const tools = {
  node20: { [node.package]: "20.19.6" },
  node22: { [node.package]: "22.23.3" },
  node24: { [node.package]: "24.21.0" },
  node26: { [node.package]: "26.10.0" },
  deno: { [deno.package]: "2.9.6" },
  bun: { [bun.package]: "1.4.5" },
  miniflare: { miniflare: "4.20260730.0" },
  jest29: { jest: "29.7.0" },
  jest30: { jest: "30.5.2" },
  "ts-jest": { jest: "29.7.0", "ts-jest": "29.4.15", typescript: "5.9.3" },
  vitest: { vitest: "4.1.12" },
  rollup: { rollup: "4.68.8", "@rollup/plugin-node-resolve": "16.0.3", "@rollup/plugin-commonjs": "29.0.3" },
  webpack: { webpack: "5.113.0" },
  vite: { vite: "8.4.0" },
  ncc: { "@vercel/ncc": "0.45.0" },
  next: { next: "16.4.6", react: "19.3.1", "react-dom": "19.3.1" },
  logtape: {
    "@logtape/file": "2.3.10",
    "@logtape/logtape": "2.4.2",
    "@logtape/otel": "2.3.2",
    "@logtape/redaction": "2.3.7",
  },
  typescript: Object.fromEntries(
    ["5.4.5", "5.5.4", "5.6.3", "5.7.3", "5.8.3", "5.9.3", "6.0.3", "7.0.2"].map((version) => [
      `typescript-${version.slice(0, 3)}`,
      `npm:typescript@${version}`,
    ]),
  ),
};
tools.typescript["@types/node"] = "20.19.43";

/** Why a cell is left out. */
export class CannotBeHad extends Error {}

const installs = new Map();

/** The folder of a tool, whose packages are in its `node_modules`. @throws CannotBeHad where the registry does not give it. */
export function toolFolder(name) {
  if (!installs.has(name)) installs.set(name, install(name, tools[name]));
  return installs.get(name);
}

async function install(name, dependencies) {
  const folder = join(cacheFolder, name);
  const manifest = JSON.stringify({ private: true, dependencies }, null, 2);
  const stamp = join(folder, "installed.json");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === manifest) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), manifest);
  // Scripts are left out: those of these packages only fetch what other packages hold.
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-progress"];
  const result = await runCommand("npm", args, { cwd: folder, timeoutMs: 300_000 });
  if (!result.ok) throw new CannotBeHad(`npm could not install ${name}: ${result.output.slice(-500)}`);
  writeFileSync(stamp, manifest);
  return folder;
}

/** The binary of a runtime. */
export async function runtimeBinary(name) {
  return join(await toolFolder(name), "node_modules", binaries[name].package, binaries[name].file);
}
