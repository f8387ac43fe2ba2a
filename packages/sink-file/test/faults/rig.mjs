// What the scenarios share. They run the built package in child processes on real file systems.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const programs = join(dirname(fileURLToPath(import.meta.url)), "programs");

/** Runs `use(folder)` in an empty folder that is removed afterwards. */
export async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "file-sink-faults-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A running program of `programs/`: `ready` resolves at its first line of output, `end` with `{ code, signal, output }`. */
export function start(program, ...args) {
  const child = spawn(process.execPath, [join(programs, `${program}.mjs`), ...args.map(String)]);
  let output = "";
  let isReady = () => {};
  const ready = new Promise((resolve) => {
    isReady = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes) => {
      output += bytes;
      if (output.includes("\n")) isReady();
    });
  }
  const end = once(child, "close").then(([code, signal]) => {
    isReady();
    return { code, signal, output };
  });
  return { child, ready, end };
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until it is true, for at most `ms`; answers whether it became true. */
export async function becomes(condition, ms) {
  const endMs = performance.now() + ms;
  while (!condition()) {
    if (performance.now() >= endMs) return false;
    await sleep(10);
  }
  return true;
}

/** The texts of the live file and its archives, the oldest first, compressed ones unpacked. */
export function textsOf(path) {
  const start = `${basename(path)}.`;
  const archives = [];
  for (const name of readdirSync(dirname(path))) {
    const match = name.startsWith(start) ? /^([0-9]+)(\.gz)?$/.exec(name.slice(start.length)) : null;
    if (match !== null) archives.push({ number: Number(match[1]), name, isGzip: match[2] !== undefined });
  }
  archives.sort((a, b) => b.number - a.number);
  const texts = archives.map(({ name, isGzip }) => {
    const bytes = readFileSync(join(dirname(path), name));
    return (isGzip ? gunzipSync(bytes) : bytes).toString("utf8");
  });
  if (existsSync(path)) texts.push(readFileSync(path, "utf8"));
  return texts;
}

/**
 * What the files hold: the numbers of whole lines in order, how many lines are the beginning of one, and how many are
 * anything else, such as two lines in one. A line is `{"n":<number>,"pad":"…"}`.
 */
export function readNumbers(path) {
  const numbers = [];
  let torn = 0;
  let broken = 0;
  for (const text of textsOf(path)) {
    if (text !== "" && !text.endsWith("\n")) broken++;
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const whole = /^\{"n":(\d+),"pad":"x*"\}$/.exec(line);
      if (whole !== null) numbers.push(Number(whole[1]));
      else if (/^(\{?|\{"n?|\{"n"?:?|\{"n":\d*,?|\{"n":\d+,"[pad]*"?:?"?x*"?)$/.test(line)) torn++;
      else broken++;
    }
  }
  return { numbers, torn, broken };
}

/** How many of the wanted numbers are not there, and how many are there twice. */
export function compare(wanted, numbers) {
  const counts = new Map();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return {
    lost: wanted.filter((number) => !counts.has(number)).length,
    twice: [...counts.values()].filter((count) => count > 1).length,
  };
}

/** Thousands with a space between, as the matrix has them. */
export const count = (number) => String(number).replaceAll(/\B(?=(\d{3})+$)/g, " ");

/** Random numbers in [0, 1) that are the same in each run. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
