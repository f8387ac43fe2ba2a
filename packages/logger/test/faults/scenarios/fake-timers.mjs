import { join } from "node:path";
import { bodiesIn, inFolder, textOf } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const DATE = Date.UTC(2020, 0, 1);
const DAY_MS = 86_400_000;
const REST_MS = 600;
const ALL = '["a","b","c"]';

export const id = "fake-timers";
export const row = 4;
export const injected =
  "fake timers and a fake date of 2020, as tests install them, before our packages are loaded or afterwards: set forward by a day, advanced, removed; two records and a flush over a sink that hangs while they are there, a record when they are gone, no flush, `kill -9` 0.6 s later";
export const promised =
  "file, console and remote sink have all three; records carry the time that the program saw; the flush ends by the real clock";

export const run = () =>
  inFolder(async (folder) => {
    const findings = [];
    for (const when of ["before", "after"]) {
      const path = join(folder, `${when}.jsonl`);
      const { end } = start("fake-timers", { when, path, restMs: REST_MS }, { flags: ["--no-warnings"] });
      const { facts, stdout, stderr } = await end;
      const { delivered, times = [], sinceRemovedMs, flushMs } = facts;
      const seen = {
        file: JSON.stringify(bodiesIn(textOf(path))) === ALL,
        console: JSON.stringify(bodiesIn(stdout)) === ALL,
        remote: JSON.stringify(delivered) === ALL,
        times: times[0] === DATE && times[1] === DATE + DAY_MS && sinceRemovedMs >= 0 && sinceRemovedMs < 60_000,
        flush: when === "before" || (flushMs >= 198 && flushMs < 3_000), // a busy machine may be late
      };
      const bad = Object.keys(seen).filter((name) => !seen[name]);
      if (bad.length > 0) findings.push(`${when}: ${bad.join(", ")}: ${JSON.stringify({ ...facts, stdout, stderr })}`);
    }
    const good = "3 of 3 at each sink, before and afterwards; times as the program saw them; the flush ended in time";
    return { holds: findings.length === 0, seen: findings.length === 0 ? good : findings.join("; ") };
  });
