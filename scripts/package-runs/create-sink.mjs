import { deepEqual, equal, match } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A command and no library: runs it from where it was installed. What it writes is proved by the step third-party. */
export async function run() {
  const manifestFile = createRequire(import.meta.url).resolve("@dagstack/create-sink/package.json");
  const { bin } = JSON.parse(readFileSync(manifestFile, "utf8"));
  const command = join(dirname(manifestFile), bin["create-sink"]);
  const cwd = mkdtempSync(join(tmpdir(), "create-sink-"));
  const create = (...args) => spawnSync(process.execPath, [command, ...args], { cwd, encoding: "utf8", input: "" });
  try {
    const args = ["here", "--name", "@acme/sink-x", "--template", "sync"];
    const first = create(...args);
    deepEqual([first.status, first.stderr], [0, ""]);
    equal(JSON.parse(readFileSync(join(cwd, "here", "package.json"), "utf8")).name, "@acme/sink-x");
    equal(readdirSync(join(cwd, "here")).includes(".gitignore"), true);
    const second = create(...args);
    equal(second.status, 2);
    match(second.stderr, /^create-sink: here: the folder is not empty/);
    const unanswered = create();
    equal(unanswered.status, 2);
    match(unanswered.stderr, /^create-sink: missing: --name, --template/);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
