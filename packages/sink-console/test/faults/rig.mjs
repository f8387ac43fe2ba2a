// What the scenarios share: programs that use the built package, on real pipes.
import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const programs = fileURLToPath(new URL("programs", import.meta.url));

/** Runs `use(folder)` in an empty folder that is removed afterwards. */
export async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "logger-faults-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Thousands with a space between, as the matrix has them. */
export const count = (number) => String(number).replaceAll(/\B(?=(\d{3})+$)/g, " ");

/** `n` of `total`, as the matrix has it. */
export const of = (n, total) => `${count(n)} of ${count(total)}`;

/**
 * A named pipe, its reader in this process. `writer` is the descriptor for children; `read(pauseMs)` starts reading,
 * 64 KiB at a time with a pause between; `hangUp()` closes the reading end; `text` resolves at the end of the pipe.
 */
export function namedPipe(folder) {
  const path = join(folder, `pipe-${Math.random().toString(36).slice(2)}`);
  execFileSync("mkfifo", [path]);
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  let finish = () => {};
  const text = new Promise((resolve) => {
    finish = resolve;
  });
  const read = (pauseMs = 0) => {
    const chunks = [];
    const socket = new Socket({ fd: readEnd, readable: true, writable: false });
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (pauseMs === 0) return;
      socket.pause();
      setTimeout(() => socket.resume(), pauseMs);
    });
    socket.once("close", () => finish(Buffer.concat(chunks).toString()));
  };
  return { writer, closeWriter: () => closeSync(writer), read, hangUp: () => closeSync(readEnd), text };
}

/**
 * Starts `programs/<program>.mjs` with a JSON argument. `stdout` is "pipe" (a socket pair, as Node's own children
 * have) or a descriptor, and so is `stderr`. `end` resolves with `{ code, signal, stdout, stderr, facts }`, the facts being
 * what the program says of itself on descriptor 3. `flags` are Node's.
 */
export function start(program, argument, { stdout = "pipe", stderr = "pipe", flags = [] } = {}) {
  const child = spawn(process.execPath, [...flags, join(programs, `${program}.mjs`), JSON.stringify(argument)], {
    stdio: ["ignore", stdout, stderr, "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const text = { stdout: "", stderr: "", facts: "" };
  const watchers = new Set();
  for (const [name, stream] of [
    ["stdout", child.stdout],
    ["stderr", child.stderr],
    ["facts", child.stdio[3]],
  ]) {
    stream?.setEncoding("utf8").on("data", (chunk) => {
      text[name] += chunk;
      for (const watcher of watchers) watcher();
    });
  }
  /** Resolves once the program has said as much. */
  const says = (words) =>
    new Promise((resolve) => {
      const look = () => {
        if (!text.facts.includes(words)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  const end = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const facts = Object.assign({}, ...jsonLines(text.facts));
      resolve({ code, signal, stdout: text.stdout, stderr: text.stderr, facts });
    });
  });
  return { child, says, end };
}

/** The objects of JSON lines among other text. */
export function jsonLines(text) {
  const found = [];
  for (const line of text.split("\n")) {
    if (!line.startsWith("{")) continue;
    try {
      found.push(JSON.parse(line));
    } catch {
      // a source line in a printed stack that happens to begin with a brace; no line of ours
    }
  }
  return found;
}

/** The bodies of lines; `undefined` stands for a line that is torn. */
export function bodiesIn(text) {
  const lines = text.split("\n");
  const rest = lines.pop();
  const bodies = lines.map((line) => {
    try {
      return JSON.parse(line).body;
    } catch {
      return undefined; // torn: no scenario takes it for a record
    }
  });
  return rest === "" ? bodies : [...bodies, undefined];
}
