// A registry for one scope on this machine, so that a stranger's package.json is installed as it stands, ranges and all.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { runCommand } from "./run-command.mjs";

const scope = "@dagstack";

/** Serves the packed packages. `env` leads npm here for our scope; everything else comes from where it always does. */
export async function startTarballRegistry(tarballs) {
  const packages = new Map();
  const server = createServer((request, response) => answer(packages, request.url, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  for (const [name, { tarball, error }] of tarballs) {
    if (tarball === undefined) throw new Error(`${name} was not packed:\n${error}`);
    packages.set(name, await readPackage(name, tarball, url));
  }
  const noProxy = [process.env.NO_PROXY, "127.0.0.1"].filter(Boolean).join(",");
  const close = () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    return closed;
  };
  return { env: { [`npm_config_${scope}:registry`]: url, NO_PROXY: noProxy, no_proxy: noProxy }, close };
}

async function readPackage(name, tarball, url) {
  const packed = await runCommand("tar", ["-xzOf", tarball, "package/package.json"]);
  if (!packed.ok) throw new Error(`${tarball} cannot be read:\n${packed.output}`);
  const manifest = JSON.parse(packed.output);
  const content = readFileSync(tarball);
  const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
  const version = { ...manifest, dist: { tarball: `${url}${name}.tgz`, integrity } };
  const document = { name, "dist-tags": { latest: manifest.version }, versions: { [manifest.version]: version } };
  return { content, document: JSON.stringify(document) };
}

function answer(packages, url, response) {
  const path = decodeURIComponent(url.slice(1));
  const { content, document } = packages.get(path.replace(/\.tgz$/, "")) ?? {};
  // The next run has another tarball under the same version: nothing of this may stay in npm's cache.
  response.setHeader("cache-control", "no-store");
  response.setHeader("content-type", path.endsWith(".tgz") ? "application/octet-stream" : "application/json");
  if (document === undefined) response.writeHead(404).end("{}");
  else response.end(path.endsWith(".tgz") ? content : document);
}
