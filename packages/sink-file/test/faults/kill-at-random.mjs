// Kills a writer at random points, opens its file again, and looks what is missing.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { count, inFolder, sleep } from "@dagstack/fault-harness";
import { compare, readNumbers } from "./numbered-lines.mjs";
import { start } from "./start.mjs";

/** @param tolerated how old, in milliseconds, a record may be that a kill costs; 0: only the one just being logged. */
export function killAtRandom({ sync, scale, tolerated }) {
  return inFolder(async (folder) => {
    const kills = scale === "campaign" ? 200 : 20;
    const random = seeded(kills);
    const path = join(folder, "f");
    const truthPath = join(folder, "truth");
    const wanted = [];
    let logged = 0;
    for (let kill = 0; kill < kills; kill++) {
      const { child, says, end } = start("write-until-killed", { path, truth: truthPath, first: logged, sync });
      await says("ready");
      await sleep(tolerated + 5 + random() * 150);
      child.kill("SIGKILL");
      const killedMs = Date.now();
      await end;
      const fresh = readTruth(truthPath).slice(logged);
      logged += fresh.length;
      // Measured up to the last sign of life: on a busy machine a process may get no time at all before the kill.
      const aliveMs = Math.min(killedMs, fresh.at(-1)?.ms ?? killedMs);
      const safe = tolerated > 0 ? fresh.filter(({ ms }) => aliveMs - ms > tolerated) : fresh.slice(0, -1);
      wanted.push(...safe.map(({ number }) => number));
    }
    const { code, stderr } = await start("open-and-close", { path }).end;
    const { numbers, torn, broken } = readNumbers(path);
    const { lost, twice } = compare(wanted, numbers);
    const holds = code === 0 && lost + twice + broken === 0 && torn <= kills && wanted.length > kills;
    const age = tolerated > 0 ? `older than ${tolerated} ms ` : "";
    const tornText = torn <= kills ? "at most one torn line per kill" : `${torn} torn lines`;
    const seen = `${count(kills)} kills: ${count(lost)} records ${age}lost, ${tornText}, each with its line end; ${broken} broken inside, ${twice} twice`;
    return { holds, seen: code === 0 ? seen : `the last start failed: ${stderr}` };
  });
}

function readTruth(path) {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => ({ number: Number(line.split(" ")[0]), ms: Number(line.split(" ")[1]) }));
}

/** Random numbers in [0, 1) that are the same in each run. */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
