import { bodiesIn, inFolder, namedPipe, of } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const RECORDS = 5_000;

export const id = "two-processes";
export const row = 1;
export const injected = "two processes with 5 000 records each, of up to 3 kB, on one pipe that is read slowly";
export const promised = "0 lost, every line whole, each process's in order";

export const run = async (scale) => {
  const rounds = scale === "campaign" ? 10 : 1;
  let found = 0;
  let torn = 0;
  for (let round = 0; round < rounds; round++) {
    await inFolder(async (folder) => {
      const pipe = namedPipe(folder);
      const argument = { sinks: [{}], count: RECORDS, padTo: 3_000 };
      const ends = [0, RECORDS].map((from) => start("share", { ...argument, from }, { stdout: pipe.writer }).end);
      pipe.closeWriter();
      pipe.read(5);
      await Promise.all(ends);
      const lines = (await pipe.text).split("the stream is open\n").join("");
      const next = [0, RECORDS];
      for (const body of bodiesIn(lines)) {
        const n = Number.parseInt(body, 10);
        const process = n < RECORDS ? 0 : 1;
        if (n === next[process]) next[process]++;
        else torn++;
      }
      found += next[0] + next[1] - RECORDS;
    });
  }
  const total = 2 * RECORDS * rounds;
  return { holds: found === total && torn === 0, seen: `${of(found, total)}, ${torn} torn or out of order` };
};
