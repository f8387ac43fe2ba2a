// What the scenarios share: programs that use the built packages, on real pipes and files.
import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
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
 * A named pipe. `writer` is the descriptor for a child; `read(reader)` starts taking bytes: "fast" takes all there is,
 * "slow" 64 KiB every 5 ms, "stalled" nothing; "closed" is gone. `text` resolves at its end.
 */
export function namedPipe(folder, reader) {
  const path = join(folder, `pipe-${Math.random().toString(36).slice(2)}`);
  execFileSync("mkfifo", [path]);
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  if (reader === "stalled") {
    return { writer, closeWriter: () => closeSync(writer), text: Promise.resolve(""), end: () => closeSync(readEnd) };
  }
  if (reader === "closed") {
    closeSync(readEnd);
    return { writer, closeWriter: () => closeSync(writer), text: Promise.resolve(""), end: () => {} };
  }
  const socket = new Socket({ fd: readEnd, readable: true, writable: false });
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk) => {
    text += chunk;
    if (reader !== "slow") return;
    socket.pause();
    setTimeout(() => socket.resume(), 5);
  });
  const ended = new Promise((resolve) => socket.once("close", resolve));
  return { writer, closeWriter: () => closeSync(writer), text: ended.then(() => text), end: () => socket.destroy() };
}

/**
 * Starts `programs/<program>.mjs` with a JSON argument. `stdout` is "pipe" (a socket pair, as Node's own children
 * have) or a descriptor, and so is `stderr`. `end` resolves with `{ code, signal, stdout, stderr, facts }`, the facts being
 * what the program says of itself on descriptor 3.
 */
export function start(program, argument, { stdout = "pipe", stderr = "pipe" } = {}) {
  const child = spawn(process.execPath, [join(programs, `${program}.mjs`), JSON.stringify(argument)], {
    stdio: ["ignore", stdout, stderr, "pipe"],
    env: { ...process.env, NO_COLOR: "1", OTEL_SERVICE_NAME: "faults" },
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

/** Counts of the diagnostics of one event, by sink id. */
export function diagnostics(stderr, event) {
  const counts = {};
  for (const { attributes } of jsonLines(stderr)) {
    if (attributes?.["event.name"] !== event) continue;
    const id = attributes["dagstack.sink.id"];
    counts[id] = (counts[id] ?? 0) + (attributes["dagstack.dropped_count"] ?? 0);
  }
  return counts;
}

/**
 * How many of the records 0 … total-1 a text holds, in order and each on a line of its own. -1 says that there is
 * something else in it: a torn line, one twice, the wrong order.
 */
export function recordsIn(text, total) {
  if (text !== "" && !text.endsWith("\n")) return -1;
  let found = 0;
  let before = -1;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    let body;
    try {
      ({ body } = JSON.parse(line));
    } catch {
      return -1;
    }
    if (!(Number.isInteger(body) && body > before && body < total)) return -1;
    before = body;
    found++;
  }
  return found;
}

export const textOf = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");
