import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { becomes, inFolder } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

export const id = "idle-process";
export const row = 2;
export const injected =
  "one line logged in a timer's callback of a process that then has nothing to do, and `kill -9` 250 ms later";
export const promised = "nothing older than 250 ms lost";
/** 250 ms for a line to be written, and seen. */
export const alone = true;

export const run = () =>
  inFolder(async (folder) => {
    const path = join(folder, "f");
    const { child, says, end } = start("log-through-timer", { path });
    await says("logged");
    const holds = await becomes(() => existsSync(path) && readFileSync(path, "utf8").endsWith("\n"), 250);
    child.kill("SIGKILL");
    await end;
    return { holds, seen: `${holds ? 1 : 0} of 1 written` };
  });
