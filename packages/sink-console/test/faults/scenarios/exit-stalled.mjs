import { bodiesIn, inFolder, namedPipe } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const RECORDS = 20_000;

export const id = "exit-stalled";
export const row = 1;
export const injected = "the same burst onto a pipe that nobody ever reads, `flushSync` and `process.exit`";
export const promised =
  "the drain at exit gives up after a second; the lines that the pipe took are counted as delivered, exactly they, and the rest as waiting, to be reported";

export const run = () =>
  inFolder(async (folder) => {
    const pipe = namedPipe(folder);
    const { end } = start("burst", { count: RECORDS, thenExit: true }, { stdout: pipe.writer });
    pipe.closeWriter();
    const { code, facts } = await end;
    pipe.read();
    const arrived = bodiesIn(await pipe.text).filter((body, i) => body === i).length;
    const { accepted, delivered, pending, dropped } = facts.books;
    const isInTime = facts.drainMs >= 900 && facts.drainMs <= 3_000; // a busy machine may be late
    const isExact = accepted === RECORDS && delivered + pending === RECORDS && pending > 0 && delivered === arrived;
    const holds = code === 3 && isInTime && isExact && Object.keys(dropped).length === 0;
    return {
      holds,
      seen: holds
        ? "the process ended in time; arrived = delivered, delivered + waiting = all records"
        : JSON.stringify({ code, arrived, ...facts }),
    };
  });
