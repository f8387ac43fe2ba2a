// Has a file refused for a while, then lets it be written again, and looks whether everything is there a second later.
import { chmodSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inFolder, sleep } from "@dagstack/fault-harness";
import { compare, readNumbers } from "./numbered-lines.mjs";
import { start } from "./start.mjs";

/** What makes a path unusable, before the start or while lines are written, and what mends it. */
const faults = {
  EACCES: {
    before: (inner) => mkdirSync(inner, { mode: 0o555 }),
    heal: (inner) => chmodSync(inner, 0o777),
  },
  EISDIR: {
    before: (inner) => mkdirSync(join(inner, "f"), { recursive: true }),
    heal: (inner) => rmdirSync(join(inner, "f")),
  },
  EMFILE: { before: (inner) => mkdirSync(inner), heal: () => {} },
  missing: { before: () => {}, heal: (inner) => mkdirSync(inner) },
  removed: {
    before: (inner) => mkdirSync(inner),
    during: (inner) => rmSync(inner, { recursive: true }),
    heal: (inner) => mkdirSync(inner),
  },
};

export function refuse(name) {
  return inFolder(async (folder) => {
    chmodSync(folder, 0o755);
    const { before, during, heal } = faults[name];
    const inner = join(folder, "in");
    before(inner);
    const { child, says, end } = start("write-while-refused", { fault: name, folder }, { stdin: "pipe" });
    await says("ready");
    await sleep(600);
    during?.(inner);
    await sleep(during === undefined ? 900 : 1_800);
    heal(inner);
    child.stdin.write("healed\n");
    await sleep(1_300);
    child.stdin.write("end\n");
    const { code, facts, stderr } = await end;
    if (code !== 0) return { holds: false, seen: `the program failed: ${stderr}` };
    const { numbers, torn, broken } = readNumbers(join(inner, "f"));
    // What was in a file that was removed is gone with it; what came a second later must not be.
    const wanted = Array.from({ length: facts.logged }, (_, i) => i).slice(during === undefined ? 0 : 320);
    const { lost, twice } = compare(wanted, numbers);
    const isExact = facts.success && facts.delivered === facts.logged && facts.dropped === 0;
    const isInTime = facts.againMs <= 1_000;
    const isQuiet = facts.leastGapMs >= 999;
    const holds = isInTime && isQuiet && isExact && lost + twice + torn + broken === 0 && facts.errors.length > 0;
    const good = "writing again within 1 s, 0 lost, 0 torn, counts exact, at most 1 diagnostic a second";
    return {
      holds,
      seen: holds ? good : `lost ${lost}, twice ${twice}, torn ${torn + broken}: ${JSON.stringify(facts)}`,
    };
  });
}
