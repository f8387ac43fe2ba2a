import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { runCommand } from "../checks/run-command.mjs";

const node = (code, options) => runCommand(process.execPath, ["-e", code], options);

test("both streams are kept and exit code 0 is ok", async () => {
  deepEqual(await node("console.log('out'); console.error('err')"), { ok: true, output: "out\nerr\n" });
});

test("another exit code is not ok", async () => {
  equal((await node("process.exit(3)")).ok, false);
});

test("a command that does not exist is not ok", async () => {
  equal((await runCommand("no-such-command-here", [])).ok, false);
});

test("a command that hangs is stopped with its children, and the output says so", { timeout: 20_000 }, async () => {
  const hanging =
    "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' })";
  const { ok, output } = await node(hanging, { timeoutMs: 500 });
  equal(ok, false);
  match(output, /stopped after 0\.5 s/);
});

test("a grandchild that escapes does not hold the run up", { timeout: 20_000 }, async () => {
  const spawned = "{ stdio: 'inherit', detached: true }";
  const escaping = `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 5_000)'], ${spawned}).unref()`;
  const started = performance.now();
  equal((await node(escaping, { timeoutMs: 300 })).ok, false);
  equal(performance.now() - started < 4_500, true);
});
