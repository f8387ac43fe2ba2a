import { readFileSync } from "node:fs";
import { join } from "node:path";
import { count, inFolder } from "@dagstack/fault-harness";
import { compare, readNumbers } from "../numbered-lines.mjs";
import { start } from "../start.mjs";

export const id = "torn-tail";
export const row = 2;
export const injected =
  "`kill -9` in the middle of a write, half of a line in the file; with and without `sync` and rotation";
export const promised =
  "the half line gets its line end at the next start, with a diagnostic; nothing else is lost or torn";

export const run = async () => {
  let healed = 0;
  let lost = 0;
  let broken = 0;
  const rotation = { size: "1MB", keep: 3 };
  const cases = [false, true].flatMap((sync) => [{ sync }, { sync, rotation }]);
  for (const options of cases) {
    await inFolder(async (folder) => {
      const path = join(folder, "f");
      const { signal } = await start("die-in-write", { path, options }).end;
      const wasTorn = signal === "SIGKILL" && !readFileSync(path, "utf8").endsWith("\n");
      const { facts } = await start("open-and-close", { path, rotation }).end;
      const found = readNumbers(path);
      if (wasTorn && found.torn === 1 && facts.healed === 1) healed++;
      broken += found.broken;
      lost += compare([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], found.numbers).lost;
    });
  }
  const seen = `${count(healed)} of ${cases.length} healed, ${lost} lost, ${broken} broken inside`;
  return { holds: healed === cases.length && lost + broken === 0, seen };
};
