import { bodiesIn, inFolder, namedPipe, of, sleep } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const RECORDS = 20_000;

export const id = "slow-reader";
export const row = 1;
export const injected =
  "a pipe whose reader takes nothing for half a second and then 64 KiB every 5 ms (EAGAIN, short writes); 20 000 records in one burst, `flushSync` and `process.exit`, or `flush`";
export const promised = "0 lost, every line whole, exit code kept";
/** The reader must come back within the second that `flushSync` waits for it. */
export const alone = true;

export const run = () =>
  inFolder(async (folder) => {
    let found = 0;
    const findings = [];
    for (const thenExit of [true, false]) {
      const pipe = namedPipe(folder);
      const { says, end } = start("burst", { count: RECORDS, thenExit }, { stdout: pipe.writer });
      pipe.closeWriter();
      await says("burst");
      await sleep(500);
      pipe.read(5);
      const { code, facts } = await end;
      const bodies = bodiesIn(await pipe.text);
      found += bodies.filter((body, i) => body === i).length;
      if (code !== (thenExit ? 3 : 0)) findings.push(`exit code ${code}`);
      if (facts.books.delivered !== RECORDS) findings.push(JSON.stringify(facts.books));
    }
    const holds = found === 2 * RECORDS && findings.length === 0;
    return { holds, seen: [`${of(found, 2 * RECORDS)} in order`, ...findings].join("; ") };
  });
