// Kills a writer at each of its calls to the file system around a rotation, opens the file again, and looks what is missing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { count, inFolder } from "@dagstack/fault-harness";
import { compare, readNumbers } from "./numbered-lines.mjs";
import { start } from "./start.mjs";

const LINES = 24;

/** @param compress whether archives are compressed too, which the last start completes. */
export function dieInRotation(scale, compress) {
  return inFolder(async (folder) => {
    const dry = { path: join(folder, "dry"), truth: join(folder, "dry-truth"), first: 0, compress };
    const { calls } = (await start("die-in-rotation", dry).end).facts;
    const path = join(folder, "f");
    const truth = join(folder, "truth");
    const step = scale === "campaign" ? 1 : Math.max(1, Math.floor(calls / 16));
    let kills = 0;
    let survived = 0;
    for (let call = 1; call <= calls; call += step) {
      for (const moment of scale === "campaign" ? ["before", "after"] : [call % 2 === 0 ? "before" : "after"]) {
        const argument = { path, truth, first: kills * LINES, compress, diesAt: call, moment };
        const { signal } = await start("die-in-rotation", argument).end;
        if (signal !== "SIGKILL") survived++; // the files there are by now make a rotation take fewer calls
        kills++;
      }
    }
    const rotation = { size: 1_000, keep: 1_000, compress };
    const last = await start("open-and-close", { path, rotation }).end;
    const wanted = readFileSync(truth, "utf8").split("\n").slice(0, -1).map(Number.parseFloat);
    const { numbers, torn, broken } = readNumbers(path);
    const { lost, twice } = compare(wanted, numbers);
    const left = readdirSync(folder).filter((name) => name.startsWith("f.") && !/^f\.\d+(\.gz)?$/.test(name));
    const plain = readdirSync(folder).filter((name) => /^f\.\d+$/.test(name));
    const unfinished = left.length + (compress ? plain.length : 0);
    const holds = last.code === 0 && lost + twice + torn + broken + unfinished === 0 && survived <= kills / 4;
    const archives = compress ? `, ${unfinished} archives uncompressed or half compressed at the end` : "";
    const seen = `${count(lost)} flushed records lost, ${twice} twice, ${torn + broken} lines torn${archives}`;
    return {
      holds,
      seen: holds ? seen : `${seen}; ${kills} kills, ${survived} survived; left: ${left} ${last.stderr}`,
    };
  });
}
