import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "@dagstack/fault-harness";
import { compare, readNumbers } from "../numbered-lines.mjs";
import { start } from "../start.mjs";

export const id = "full-disk";
export const row = 8;
export const injected =
  "a tmpfs of 8 MB filled until ENOSPC while 7 MB are logged with room for 1 MB in memory, then freed";
export const promised =
  "no throw; no line torn; writing again at most 1 s after; every dropped record counted; at most 1 diagnostic a second";
/** The retry that comes within a second has little time left. */
export const alone = true;

export const run = () =>
  inFolder(async (folder) => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], { stdio: "pipe" });
    } catch {
      return { holds: true, skipped: true, seen: "skipped: mounting a tmpfs takes root on Linux" };
    }
    try {
      const { code, facts, stderr } = await start("fill-disk", { folder: disk }).end;
      if (code !== 0) return { holds: false, seen: `the program failed: ${stderr}` };
      const { numbers, torn, broken } = readNumbers(join(disk, "f"));
      const { lost, twice } = compare(
        Array.from({ length: facts.logged }, (_, i) => i),
        numbers,
      );
      const isExact =
        numbers.length === facts.delivered && lost === facts.dropped && facts.droppedCount === facts.dropped;
      const isQuiet = facts.leastGapMs >= 999 && facts.errors.length > 0;
      const isInTime = facts.againMs <= 1_000;
      const isTested = facts.refused === "ENOSPC" && facts.dropped > 0;
      const holds = isExact && isQuiet && isInTime && isTested && twice + torn + broken === 0;
      const good =
        "0 lines torn, writing again within 1 s, records missing in the file = records counted as dropped, at most 1 diagnostic a second";
      return {
        holds,
        seen: holds ? good : `missing ${lost}, twice ${twice}, torn ${torn + broken}: ${JSON.stringify(facts)}`,
      };
    } finally {
      execFileSync("umount", [disk]);
    }
  });
