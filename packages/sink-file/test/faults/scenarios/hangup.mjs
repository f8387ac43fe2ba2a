import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { becomes, inFolder, sleep, start } from "../rig.mjs";

export const id = "hangup";
export const row = 10;
export const injected = "the live file renamed and `SIGHUP` sent, with `reopenOnSighup: true`";
export const promised =
  "new lines in the live path at once, nothing lost in between, nothing in the renamed file after the signal";

export const run = () =>
  inFolder(async (folder) => {
    const path = join(folder, "f");
    const { child, ready, end } = start("log-steadily", path, JSON.stringify({ reopenOnSighup: true }));
    await ready;
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
    const { code, output } = await end;
    const { delivered } = JSON.parse(output.trimEnd().split("\n").at(-1));
    const old = read(`${path}.away`);
    const fresh = read(path);
    const isWhole = old.length + fresh.length === delivered && code === 0;
    const holds = isBack && isWhole;
    return {
      holds,
      seen: holds ? "at once, 0 lost" : `back: ${isBack}, ${old.length} + ${fresh.length} of ${delivered}`,
    };
  });
