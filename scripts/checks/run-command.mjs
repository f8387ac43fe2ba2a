// Runs one command of a check: output kept for a failing step, and a time limit so that nothing can hang the run.
import { execFileSync, spawn } from "node:child_process";
import { root } from "../workspace.mjs";

const defaultTimeoutMs = 300_000;

/** Resolves to `{ ok, output }`, never rejects; `output` is stdout and stderr as they came. */
export function runCommand(
  command,
  args,
  { cwd = root, env = {}, timeoutMs = defaultTimeoutMs, shell = process.platform === "win32" } = {},
) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      shell,
    });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killTree(child);
      // A grandchild that left the tree may hold the pipes open: the run goes on without it.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 2_000).unref();
    }, timeoutMs);
    const finish = (ok, note) => {
      clearTimeout(timer);
      resolve({ ok, output: Buffer.concat(chunks).toString("utf8") + note });
    };
    child.on("error", (error) => finish(false, `${command}: ${error.message}\n`));
    child.on("close", (code, signal) => {
      if (timedOut) return finish(false, `\n${command} stopped after ${timeoutMs / 1000} s\n`);
      finish(code === 0, signal === null ? "" : `\n${command} ended by ${signal}\n`);
    });
  });
}

/** Kills the child and everything below it, whatever process groups its descendants made for themselves. */
function killTree(child) {
  for (const pid of [child.pid, ...descendants(child.pid)]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Already gone; "close" reports it.
    }
  }
}

function descendants(ancestor) {
  if (process.platform === "win32") return [];
  const children = new Map();
  for (const line of execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n")) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid) => (children.get(pid) ?? []).flatMap((next) => [next, ...below(next)]);
  return below(ancestor);
}
