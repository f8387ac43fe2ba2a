import { bodiesIn, inFolder, namedPipe, of, sleep } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const RECORDS = 500;

export const id = "one-pipe";
export const row = 1;
export const injected =
  "stdout and stderr are one pipe (`app 2>&1 | reader`), a console sink on each, 500 records of up to 9 kB each, which a pipe may tear; the reader begins late and is slow; `process.exit`, and again with a text of 100 kB that the program printed before";
export const promised = "0 lost, every line whole, each sink's in order";
/** The reader must come back within the second that the drain at exit waits for it. */
export const alone = true;

export const run = async () => {
  let found = 0;
  const findings = [];
  for (const own of [false, true]) {
    await inFolder(async (folder) => {
      const pipe = namedPipe(folder);
      const { says, end } = start("one-pipe", { count: RECORDS, own }, { stdout: pipe.writer, stderr: pipe.writer });
      pipe.closeWriter();
      await says("burst");
      await sleep(500);
      pipe.read(5);
      const { code, facts } = await end;
      const next = [0, 0];
      let odd = 0;
      for (const body of bodiesIn(await pipe.text)) {
        const [, sink, n] = /^([01]) (\d+) x*$/.exec(body) ?? [];
        if (sink !== undefined && Number(n) === next[sink]) next[sink]++;
        else if (!(own && String(body).startsWith("own z"))) odd++;
      }
      found += next[0] + next[1];
      if (code !== 3) findings.push(`exit code ${code}`);
      if (odd > 0) findings.push(`${odd} torn or out of order`);
      if (facts.books.some(({ delivered }) => delivered !== RECORDS)) findings.push(JSON.stringify(facts.books));
    });
  }
  const holds = found === 4 * RECORDS && findings.length === 0;
  return { holds, seen: [`${of(found, 4 * RECORDS)} whole and in order`, ...findings].join("; ") };
};
