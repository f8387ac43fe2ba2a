import { bunBinary, inFolder, namedPipe, of, sleep } from "@dagstack/fault-harness";
import { diagnostics } from "../diagnostics.mjs";
import { start } from "../start.mjs";

const WAYS = ["nobody", "a function", "one that forgets the callback"];

export const id = "report-stuck-stderr";
export const row = 1;
export const injected =
  "`process.exit` with a record that no sink delivered, stderr stuck with 300 kB of the program's own text and read late, its `write` untouched, or replaced with and without a callback; in Node, and in Bun where there is one";
export const promised = "the report of what is lost comes all the same, on a line of its own";

export const run = () =>
  inFolder(async (folder) => {
    const findings = [];
    let reported = 0;
    let plays = 0;
    for (const runtime of [process.execPath, bunBinary()]) {
      if (runtime === undefined) continue;
      for (const how of WAYS) {
        const pipe = namedPipe(folder);
        const { end } = start("stuck-stderr", { how }, { stderr: pipe.writer, runtime });
        pipe.closeWriter();
        await sleep(400);
        pipe.read();
        const { code } = await end;
        const { hanging } = diagnostics(await pipe.text, "unflushed_shutdown");
        plays += 1;
        if (code === 3 && hanging === 1) reported += 1;
        else findings.push(`${runtime === process.execPath ? "Node" : "Bun"}, ${how}: ${hanging} told, code ${code}`);
      }
    }
    return { holds: findings.length === 0, seen: [`${of(reported, plays)} reported`, ...findings].join("; ") };
  });
