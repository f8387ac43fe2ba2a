import { count, inFolder, namedPipe } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const RECORDS = 10_000;

export const id = "broken-pipe";
export const row = 8;
export const injected = "10 000 records onto a pipe whose reader has gone (EPIPE), for more than a second";
export const promised =
  "no crash; every record counted as lost, the next flush says so; at most one diagnostic a second";

export const run = () =>
  inFolder(async (folder) => {
    const pipe = namedPipe(folder);
    const { end } = start("broken-pipe", {}, { stdout: pipe.writer });
    pipe.hangUp();
    pipe.closeWriter();
    const { code, facts, stderr } = await end;
    const { crashes, success, leastGapMs, books } = facts;
    const isCounted = books.dropped.sink_error === RECORDS && books.pending === 0;
    const isQuiet = books.errors.length >= 1 && books.errors.every((code) => code === "EPIPE") && leastGapMs >= 999;
    const holds = code === 0 && crashes === 0 && isCounted && isQuiet && success === false && stderr === "";
    const good = `${count(RECORDS)} records counted as lost, 0 crashes, at most one diagnostic a second`;
    return { holds, seen: holds ? good : JSON.stringify({ code, ...facts, stderr }) };
  });
