import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { runCommand } from "../checks/run-command.mjs";

const node = (code, options) => runCommand(process.execPath, ["-e", code], options);

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // no such process
  }
}

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

test("a descendant in a process group of its own is stopped as well", { timeout: 20_000 }, async () => {
  const hanging = "setInterval(() => {}, 1e6)";
  const detached = "{ stdio: 'inherit', detached: true }";
  const code = `console.log(require('node:child_process').spawn(process.execPath, ['-e', '${hanging}'], ${detached}).pid)`;
  const { output } = await node(code, { timeoutMs: 500 });
  // Killed, it is still in the process table until init has collected it.
  while (isAlive(Number.parseInt(output, 10))) await setTimeout(20);
});

test("a descendant whose parent has left does not hold the run up", { timeout: 20_000 }, async () => {
  const detached = "{ stdio: 'inherit', detached: true }";
  const code = `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 5_000)'], ${detached}).unref()`;
  const started = performance.now();
  equal((await node(code, { timeoutMs: 300 })).ok, false);
  equal(performance.now() - started < 4_500, true);
});
