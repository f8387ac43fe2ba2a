import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bodiesIn, bunBinary, inFolder, namedPipe, of, programsIn, sleep } from "@dagstack/fault-harness";
import { build } from "esbuild";
import { rolldown } from "rolldown";
import { diagnostics } from "../diagnostics.mjs";

const RECORDS = 20_000;
const PROGRAM = fileURLToPath(new URL("../programs/console-burst.mjs", import.meta.url));

export const id = "exit-bundled";
export const row = 1;
export const injected =
  "a program bundled into one file without the `node` condition (esbuild and rolldown, platform neutral), run in Node, and in Bun where there is one: 20 000 records to stdout in one burst and `process.exit`, the pipe read late and slowly, or only when the process is gone";
export const promised =
  "0 lost while somebody reads; else what arrived and what is reported as `unflushed_shutdown` are all records; exit code kept";

/** The reader must come back within the second that the drain at exit waits for it. */
export const alone = true;

const BUNDLERS = {
  esbuild: (outfile) =>
    build({ entryPoints: [PROGRAM], bundle: true, outfile, format: "esm", platform: "neutral", logLevel: "silent" }),
  async rolldown(file) {
    const bundle = await rolldown({ input: PROGRAM, platform: "neutral", logLevel: "silent" });
    await bundle.write({ file, format: "esm" });
    await bundle.close();
  },
};

export const run = () =>
  inFolder(async (folder) => {
    const start = programsIn(pathToFileURL(`${folder}/`));
    const findings = [];
    let found = 0;
    let plays = 0;
    for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
      await bundle(join(folder, `${bundler}.mjs`));
      for (const runtime of [process.execPath, bunBinary()]) {
        if (runtime === undefined) continue;
        for (const isRead of [true, false]) {
          const pipe = namedPipe(folder);
          const { end } = start(bundler, { count: RECORDS }, { stdout: pipe.writer, runtime });
          pipe.closeWriter();
          if (isRead) await sleep(700);
          if (isRead) pipe.read(5);
          const { code, stderr } = await end;
          if (!isRead) pipe.read();
          const arrived = bodiesIn(await pipe.text).filter((body, i) => body === i).length;
          const { stdout: told = 0 } = diagnostics(stderr, "unflushed_shutdown");
          found += arrived + told;
          plays += 1;
          if (code !== 3 || arrived + told !== RECORDS || isRead !== (told === 0))
            findings.push(`${bundler}, ${runtime}, read: ${isRead}: ${arrived} arrived, ${told} told, code ${code}`);
        }
      }
    }
    const seen = [`${of(found, plays * RECORDS)} arrived or reported`, ...findings].join("; ");
    return { holds: findings.length === 0 && plays > 0, seen };
  });
