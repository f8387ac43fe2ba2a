import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const BUFFER_BYTES = 16 * 1024 * 1024;
const SLACK_BYTES = 64 * 1000 * 1000;
const flags = ["--max-semi-space-size=4", "--max-old-space-size=48"];
const bursts = [
  { lines: 1_000_000, padding: 180, turns: false },
  { lines: 1_000_000, padding: 180, turns: true },
  { lines: 1_000_000, padding: 5, turns: true },
  { lines: 10_000, padding: 100_000, turns: true },
];

export const id = "full-disk-burst";
export const row = 5;
export const injected =
  "a burst of 1 000 000 records of 200 or of 25 bytes, or 10 000 of 100 kB, onto a disk that is full, with and without turns of the event loop. V8's heap limited to 48 MB, since its garbage alone may take more; what waits lies outside";
export const promised = "memory grows by at most the buffer's 16 MiB + 64 MB; every dropped record counted";
/** Memory. */
export const alone = true;

export const run = () =>
  inFolder(async (folder) => {
    const problems = [];
    for (const [i, burst] of bursts.entries()) {
      const disk = join(folder, `disk${i}`);
      mkdirSync(disk);
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], { stdio: "pipe" });
      } catch {
        return { holds: true, skipped: true, seen: "skipped: mounting a tmpfs takes root on Linux" };
      }
      try {
        const { facts, stderr } = await start("burst-on-full-disk", { folder: disk, ...burst }, { flags }).end;
        const isExact = facts.delivered + facts.dropped === facts.logged && facts.dropped > 0;
        if (!isExact || facts.grownBytes > BUFFER_BYTES + SLACK_BYTES)
          problems.push(`${JSON.stringify(facts)} ${stderr}`);
      } finally {
        execFileSync("umount", [disk]);
      }
    }
    const good = `memory within the bound in ${bursts.length} of ${bursts.length}, delivered + dropped = logged`;
    return { holds: problems.length === 0, seen: problems.length === 0 ? good : problems.join("; ") };
  });
