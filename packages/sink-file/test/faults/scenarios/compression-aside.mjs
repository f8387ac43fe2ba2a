import { randomBytes } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

export const id = "compression-aside";
export const row = 15;
export const injected =
  "an archive of 64 MB being compressed while lines are logged, and a process that ends without `close()` in the middle of it";
export const promised =
  "the event loop is never held for 150 ms; the process ends by itself; the archive stays as it was";
/** 150 ms for a turn of the event loop. */
export const alone = true;

export const run = () =>
  inFolder(async (folder) => {
    const path = join(folder, "f");
    writeFileSync(`${path}.1`, `${randomBytes(48_000_000).toString("base64")}\n`);
    const started = performance.now();
    const { code, facts, stderr } = await start("compress-and-end", { path }).end;
    const ms = performance.now() - started;
    if (code !== 0) return { holds: false, seen: stderr };
    const { heldMs, number } = facts;
    const names = readdirSync(folder);
    const isUntouched =
      names.includes("f.1") && !names.includes("f.1.gz") && names.some((name) => name.endsWith("gz-tmp"));
    const holds = heldMs < 150 && ms < 2_500 && isUntouched && number > 50;
    const good = "held for less, ended by itself, archive as it was";
    return { holds, seen: holds ? good : `held ${heldMs} ms, ${ms} ms in all, ${names.join()}` };
  });
