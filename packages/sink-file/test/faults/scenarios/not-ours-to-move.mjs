import { execFileSync } from "node:child_process";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { inFolder } from "@dagstack/fault-harness";
import { compare, readNumbers } from "../numbered-lines.mjs";
import { start } from "../start.mjs";

const LINES = 100;
const rotations = [{ size: 2_000, keep: 3 }, { size: 2_000 }];

export const id = "not-ours-to-move";
export const row = 9;
export const injected =
  "rotation of `/dev/stdout` (a file), of `/proc/self/fd/1`, of a link to them, of a named pipe; of a link to somebody else's file, and of a file mounted alone (EBUSY)";
export const promised =
  "nothing of the system is renamed: a ConfigError; somebody else's file keeps its name and what it held; a file that cannot be renamed goes on, 0 lost, and the reason is told";

export const run = () =>
  inFolder(async (folder) => {
    const problems = [];
    const skipped = [];
    await systemPaths(folder, problems);
    await somebodyElses(folder, problems);
    if (!(await mountedAlone(folder, problems))) skipped.push(" (mounting takes root on Linux: not tried)");
    const good = `refused where it is the system's, nothing of others changed, 0 lost${skipped.join("")}`;
    return { holds: problems.length === 0, seen: problems.length === 0 ? good : problems.join("; ") };
  });

async function systemPaths(folder, problems) {
  const before = readlinkSync("/dev/stdout");
  const link = join(folder, "link");
  const pipe = join(folder, "pipe");
  symlinkSync("/dev/stdout", link);
  execFileSync("mkfifo", [pipe]);
  const reader = openSync(pipe, "r+");
  for (const path of ["/dev/stdout", "/proc/self/fd/1", link, pipe]) {
    for (const rotation of rotations) {
      const out = openSync(join(folder, "out"), "w");
      const { facts, stderr } = await start(
        "rotate-what-is-not-ours",
        { path, rotation, lines: LINES },
        { stdout: out },
      ).end;
      closeSync(out);
      if (facts.refused !== "ConfigError") problems.push(`${path}: ${JSON.stringify(facts)} ${stderr}`);
    }
  }
  closeSync(reader);
  if (readlinkSync("/dev/stdout") !== before) problems.push("/dev/stdout was changed");
  if (!lstatSync(link).isSymbolicLink() || !lstatSync(pipe).isFIFO()) problems.push("the link or the pipe was moved");
}

async function somebodyElses(folder, problems) {
  for (const rotation of [
    { size: 2_000, keep: 100 },
    { size: 2_000, totalBytes: 1_000_000, compress: true },
  ]) {
    const place = join(folder, `theirs-${problems.length}-${rotation.keep}`);
    mkdirSync(place);
    const theirs = join(place, "theirs");
    const path = join(place, "f");
    writeFileSync(theirs, "theirs\n");
    symlinkSync(theirs, path);
    const { facts, stderr } = await start("rotate-what-is-not-ours", { path, rotation, lines: LINES }).end;
    // What went through the link is in their file, which the oldest archive is a link to.
    const { numbers, twice } = { twice: 0, ...readNumbers(path) };
    const { lost } = compare(
      Array.from({ length: LINES }, (_, i) => i),
      numbers,
    );
    const held = readFileSync(theirs, "utf8").startsWith("theirs\n");
    if (lost + twice > 0 || !held || facts.delivered !== LINES)
      problems.push(`a link: ${lost} lost ${JSON.stringify(facts)} ${stderr}`);
  }
}

async function mountedAlone(folder, problems) {
  const place = join(folder, "mounted");
  mkdirSync(place);
  const path = join(place, "f");
  writeFileSync(join(folder, "source"), "");
  writeFileSync(path, "");
  try {
    execFileSync("mount", ["--bind", join(folder, "source"), path], { stdio: "pipe" });
  } catch {
    return false;
  }
  try {
    const { facts, stderr } = await start("rotate-what-is-not-ours", { path, rotation: rotations[0], lines: LINES })
      .end;
    const { numbers, torn, broken } = readNumbers(path);
    const { lost, twice } = compare(
      Array.from({ length: LINES }, (_, i) => i),
      numbers,
    );
    const isTold = facts.errors?.some(({ code }) => code === "EBUSY" || code === "EXDEV");
    if (lost + twice + torn + broken > 0 || !isTold || facts.delivered !== LINES) {
      problems.push(`mounted alone: ${lost} lost ${JSON.stringify(facts)} ${stderr}`);
    }
  } finally {
    execFileSync("umount", [path]);
  }
  return true;
}
