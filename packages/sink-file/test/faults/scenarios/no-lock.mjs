import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { count, inFolder } from "@dagstack/fault-harness";
import { compare, readNumbers } from "../numbered-lines.mjs";
import { start } from "../start.mjs";

const PROCESSES = 3;
const LINES = 1_000;

/** What keeps a lock from being made, for all processes or for all but the first; and what must be as it was afterwards. */
const faults = {
  "a directory in its place": { put: (lock) => mkdirSync(lock), stays: (lock) => readdirSync(lock).length === 0 },
  "somebody else's file in its place": {
    put: (lock) => writeFileSync(lock, "not ours"),
    stays: (lock) => readFileSync(lock, "utf8") === "not ours",
  },
  "a directory without permission (EACCES)": { isForbidden: true },
  ENOSPC: { code: "ENOSPC" },
  EROFS: { code: "EROFS" },
  ENOLCK: { code: "ENOLCK" },
  ENOTSUP: { code: "ENOTSUP" },
  "EPERM for two of three": { code: "EPERM", isFirstFree: true },
};

export const id = "no-lock";
export const row = 9;
export const injected = `3 processes on one file that is rotated at 20 kB, whose lock cannot be made: ${Object.keys(faults).join(", ")}; buffered, and again with \`sync: true\``;
export const promised =
  "0 lost, 0 torn; who has no lock rotates and compresses nothing, and says why once; what is not ours stays";

export const run = async () => {
  const bad = [];
  let written = 0;
  let cases = 0;
  for (const [name, fault] of Object.entries(faults)) {
    for (const sync of [false, true]) {
      if (fault.isForbidden && process.getuid?.() !== 0) continue; // another user's rights take root
      const found = await inFolder((folder) => once(folder, fault, sync));
      cases++;
      written += found.written;
      if (found.problem !== undefined) bad.push(`${name}${sync ? ", sync" : ""}: ${found.problem}`);
    }
  }
  const wanted = cases * PROCESSES * LINES;
  const good = `${count(written)} of ${count(wanted)} in ${cases} cases, each reason told once by each process`;
  return { holds: bad.length === 0, seen: bad.length === 0 ? good : bad.join("; ") };
};

async function once(folder, { put, stays, code, isForbidden, isFirstFree }, sync) {
  const inner = join(folder, "in");
  const path = join(inner, "f");
  const lock = `${path}.lock`;
  mkdirSync(inner);
  put?.(lock);
  if (isForbidden) {
    writeFileSync(path, "");
    chmodSync(path, 0o666);
    chmodSync(folder, 0o755);
    chmodSync(inner, 0o555);
  }
  const programs = Array.from({ length: PROCESSES }, (_, i) => {
    const fails = isFirstFree && i === 0 ? {} : { code };
    const argument = { path, first: i * LINES, lines: LINES, sync, uid: isForbidden ? 65_534 : undefined, ...fails };
    return start("write-without-lock", argument);
  });
  const ends = await Promise.all(programs.map(({ end }) => end));
  const { numbers, torn, broken } = readNumbers(path);
  const wanted = Array.from({ length: PROCESSES * LINES }, (_, i) => i);
  const { lost, twice } = compare(wanted, numbers);
  const untold = ends.filter(({ facts }, i) => facts.errors?.length !== (isFirstFree && i === 0 ? 0 : 1)).length;
  const uncounted = ends.filter(({ facts }) => facts.delivered !== LINES || !facts.success).length;
  const rotated = !isFirstFree && existsSync(`${path}.1`);
  const hasGone = stays !== undefined && !stays(lock);
  const failed = ends.filter((end) => end.code !== 0);
  const holds = lost + twice + torn + broken + untold + uncounted + failed.length === 0 && !rotated && !hasGone;
  const seen = { lost, twice, torn, broken, untold, uncounted, rotated, hasGone };
  const facts = ends.map(({ facts, stderr }) => [facts.errors, stderr]);
  return {
    written: wanted.length - lost,
    problem: holds ? undefined : `${JSON.stringify(seen)} ${JSON.stringify(facts)}`,
  };
}
