import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

const ARCHITECTURES = { x64: "x86-64", arm64: "ARM64" };

/** Such as "2 cores x86-64, Linux, Node 20.20": a class to compare with, not the name of a machine. */
export function machineClass() {
  const cores = availableParallelism();
  const [major, minor] = process.versions.node.split(".");
  const system = { linux: "Linux", darwin: "macOS", win32: "Windows" }[process.platform] ?? process.platform;
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  return `${cores} ${cores === 1 ? "core" : "cores"} ${architecture}, ${system}, Node ${major}.${minor}`;
}

/** The commit that is measured, with a mark when the tree differs from it. `undefined` outside a clone. */
export function revision() {
  const git = (...args) => execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no", "--", ":/packages") !== "";
    return `${git("rev-parse", "--short", "HEAD")}${changed ? " and changes" : ""}`;
  } catch {
    return undefined; // no clone or no git: the report then names no revision
  }
}

/** The versions of the peers, as this package pins them. */
export function peerVersions() {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const wanted = /^(pino|winston|@logtape\/(logtape|file)|@opentelemetry\/(sdk-logs|exporter-.*))$/;
  return Object.fromEntries(Object.entries(manifest.devDependencies).filter(([name]) => wanted.test(name)));
}
