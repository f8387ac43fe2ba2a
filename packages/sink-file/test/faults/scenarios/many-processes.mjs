import { join } from "node:path";
import { count, inFolder } from "@dagstack/fault-harness";
import { compare, readNumbers, textsOf } from "../numbered-lines.mjs";
import { start } from "../start.mjs";

const PROCESSES = 4;
const LINES = 5_000;
const SIZE = 100_000;
const LONGEST = 220;

export const id = "many-processes";
export const row = 9;
export const injected =
  "4 processes, 5 000 records each, on one file that is rotated at 100 kB; buffered, and again with `sync: true`";
export const promised = "20 000 of 20 000, no file above the limit by more than one record";

export const run = async (scale) => {
  const seen = [];
  let holds = true;
  for (const sync of [false, true]) {
    for (let round = 0; round < (scale === "campaign" ? 10 : 1); round++) {
      const result = await inFolder((folder) => once(join(folder, "f"), sync));
      holds &&= result.holds;
      if (round === 0 || !result.holds) seen.push(`${sync ? "sync" : "buffered"}: ${result.seen}`);
    }
  }
  return { holds, seen: seen.join("; ") };
};

async function once(path, sync) {
  const rotation = { size: SIZE, keep: 1_000 };
  const started = Array.from({ length: PROCESSES }, (_, i) =>
    start("write-rotated", { path, first: i * LINES, lines: LINES, rotation, sync }),
  );
  const ends = await Promise.all(started.map(({ end }) => end));
  const { numbers, torn, broken } = readNumbers(path);
  const wanted = Array.from({ length: PROCESSES * LINES }, (_, i) => i);
  const { lost, twice } = compare(wanted, numbers);
  const above = textsOf(path).filter((text) => text.length > SIZE + LONGEST).length;
  const failed = ends.filter(({ code }) => code !== 0).length;
  return {
    holds: failed + lost + twice + torn + broken + above === 0,
    seen: `${count(wanted.length - lost)} of ${count(wanted.length)}, ${twice} twice, ${above} files above the limit${failed > 0 ? `, ${failed} processes failed: ${ends.map(({ stderr }) => stderr).join()}` : ""}`,
  };
}
