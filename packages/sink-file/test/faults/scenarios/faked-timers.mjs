import { join } from "node:path";
import { inFolder } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

export const id = "faked-timers";
export const row = 4;
export const injected =
  "timers replaced by fakes that never come, before or after the package is loaded, a line logged, the real ones put back, two lines logged 0.3 s apart; never a flush; with and without rotation";
export const promised = "all lines are in the file half a second later";

export const run = () =>
  inFolder(async (folder) => {
    const problems = [];
    for (const when of ["before", "after"]) {
      for (const options of [{}, { rotation: { size: 1_000, keep: 3 } }]) {
        const path = join(folder, `${when}-${problems.length}-${options.rotation !== undefined}`);
        const { facts, stderr } = await start("faked-timers", { path, when, options }).end;
        const lines = facts.text?.split("\n").length - 1;
        if (lines !== 3) problems.push(`${when} loading: ${lines} of 3 ${stderr}`);
      }
    }
    return { holds: problems.length === 0, seen: problems.length === 0 ? "12 of 12" : problems.join("; ") };
  });
