import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { becomes, inFolder, sleep } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

export const id = "hangup";
export const row = 10;
export const injected = "the live file renamed and `SIGHUP` sent, with `reopenOnSighup: true`";
export const promised =
  "new lines in the live path at once, nothing lost in between, nothing in the renamed file after the signal";
/** 250 ms for a signal and a line. */
export const alone = true;

export const run = () =>
  inFolder(async (folder) => {
    const path = join(folder, "f");
    const argument = { path, options: { reopenOnSighup: true } };
    const { child, says, end } = start("log-steadily", argument, { stdin: "pipe" });
    await says("ready");
    await sleep(200);
    renameSync(path, `${path}.away`);
    child.kill("SIGHUP");
    const read = (name) => {
      try {
        return readFileSync(name, "utf8").split("\n").slice(0, -1);
      } catch {
        return [];
      }
    };
    const isBack = await becomes(() => read(path).length > 0, 250);
    await sleep(200);
    child.stdin.end();
    const { code, facts } = await end;
    const { delivered } = facts;
    const old = read(`${path}.away`);
    const fresh = read(path);
    const isWhole = old.length + fresh.length === delivered && code === 0;
    const holds = isBack && isWhole;
    return {
      holds,
      seen: holds ? "at once, 0 lost" : `back: ${isBack}, ${old.length} + ${fresh.length} of ${delivered}`,
    };
  });
