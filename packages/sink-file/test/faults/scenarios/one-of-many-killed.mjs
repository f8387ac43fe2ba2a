import { join } from "node:path";
import { count, inFolder } from "@dagstack/fault-harness";
import { compare, readNumbers } from "../numbered-lines.mjs";
import { start } from "../start.mjs";

const LINES = 5_000;

export const id = "one-of-many-killed";
export const row = 9;
export const injected = "one of 4 processes on a rotated file killed while all of them write";
export const promised = "every record of the other three, none torn; the lock of the dead one holds nobody up";

export const run = async (scale) => {
  const rounds = scale === "campaign" ? 20 : 2;
  let lines = 0;
  let missing = 0;
  let bad = 0;
  for (let round = 0; round < rounds; round++) {
    await inFolder(async (folder) => {
      const path = join(folder, "f");
      const sync = round % 2 === 1;
      const rotation = { size: 50_000, keep: 1_000 };
      const [victim, ...others] = [0, 1, 2, 3].map((i) =>
        start("write-rotated", { path, first: i * LINES, lines: LINES, rotation, sync }),
      );
      await victim.says("underWay");
      victim.child.kill("SIGKILL");
      const ends = await Promise.all([...others, victim].map(({ end }) => end));
      bad += ends.slice(0, -1).filter(({ code }) => code !== 0).length;
      const { numbers, torn, broken } = readNumbers(path);
      const { lost, twice } = compare(
        Array.from({ length: 3 * LINES }, (_, i) => LINES + i),
        numbers,
      );
      lines += 3 * LINES - lost;
      missing += lost;
      bad += twice + broken + (torn > 1 ? 1 : 0);
    });
  }
  const seen = `${rounds} kills: ${count(lines)} of ${count(lines + missing)} records of the others, ${bad} other findings`;
  return { holds: missing + bad === 0, seen };
};
