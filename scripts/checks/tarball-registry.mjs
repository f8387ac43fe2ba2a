// A registry for one scope on this machine, so that a stranger's package.json is installed as it stands, ranges and all.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { runCommand } from "./run-command.mjs";

const scope = "@dagstack";

/** Serves the packed packages. `env` leads npm here for our scope; everything else comes from where it always does. */
export async function startTarballRegistry(tarballs) {
  const packages = new Map();
  for (const [name, packed] of tarballs) packages.set(name, await readPackage(name, packed));
  const server = createServer((request, response) => answer(packages, url, request.url, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const noProxy = [process.env.NO_PROXY, "127.0.0.1"].filter(Boolean).join(",");
  const close = () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    return closed;
  };
  return { env: { [`npm_config_${scope}:registry`]: url, NO_PROXY: noProxy, no_proxy: noProxy }, close };
}

async function readPackage(name, { tarball, error }) {
  if (tarball === undefined) throw new Error(`${name} was not packed:\n${error}`);
  const packed = await runCommand("tar", ["-xzOf", tarball, "package/package.json"]);
  if (!packed.ok) throw new Error(`${tarball} cannot be read:\n${packed.output}`);
  return { manifest: JSON.parse(packed.output), content: readFileSync(tarball) };
}

function answer(packages, url, path, response) {
  const name = decodeURIComponent(path.slice(1)).replace(/\.tgz$/, "");
  // The next run has another tarball under the same version: nothing of this may stay in npm's cache.
  response.setHeader("cache-control", "no-store");
  if (!packages.has(name)) response.writeHead(404).end("{}");
  else if (path.endsWith(".tgz")) response.end(packages.get(name).content);
  else response.end(JSON.stringify(describe(packages.get(name), `${url}${name}.tgz`)));
}

function describe({ manifest, content }, tarball) {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
  const entry = { ...manifest, dist: { tarball, integrity } };
  return { name, "dist-tags": { latest: version }, versions: { [version]: entry } };
}
