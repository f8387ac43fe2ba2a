import { deepEqual, equal, match } from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runCommand } from "../checks/run-command.mjs";
import { startTarballRegistry } from "../checks/tarball-registry.mjs";

const name = "@dagstack/thing";
const folder = mkdtempSync(join(tmpdir(), "tarball-registry-"));
const tarball = join(folder, "thing.tgz");
let local;
let url;

before(async () => {
  mkdirSync(join(folder, "package"));
  writeFileSync(join(folder, "package", "package.json"), JSON.stringify({ name, version: "1.2.3", bin: "./x.js" }));
  await runCommand("tar", ["-czf", tarball, "-C", folder, "package"]);
  local = await startTarballRegistry(new Map([[name, { tarball }]]));
  url = local.env["npm_config_@dagstack:registry"];
});
after(async () => {
  await local.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a package is described by its tarball, whose digest is right", async () => {
  const { "dist-tags": tags, versions } = await (await fetch(`${url}@dagstack%2fthing`)).json();
  deepEqual([tags.latest, versions["1.2.3"].bin], ["1.2.3", "./x.js"]);
  const { dist } = versions["1.2.3"];
  const content = Buffer.from(await (await fetch(dist.tarball)).arrayBuffer());
  equal(dist.integrity, `sha512-${createHash("sha512").update(content).digest("base64")}`);
});

test("what is not there is not found", async () => {
  equal((await fetch(`${url}@dagstack%2fother`)).status, 404);
});

test("npm may keep nothing of it", async () => {
  for (const path of ["@dagstack%2fthing", "@dagstack/thing.tgz"]) {
    match((await fetch(url + path)).headers.get("cache-control"), /no-store/);
  }
});

test("a package that was not packed stops the step, with the reason", async () => {
  const failed = startTarballRegistry(new Map([[name, { error: "no LICENSE" }]]));
  match((await failed.catch((error) => error)).message, /@dagstack\/thing was not packed:\nno LICENSE/);
});
