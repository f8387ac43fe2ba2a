import { join } from "node:path";
import { count, inFolder, of, textOf } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const RECORDS = 100_000;

export const id = "bad-sinks";
export const row = 6;
export const injected =
  "100 000 records into a FileSink and a sink in memory beside sinks that hang, throw from `emit`, throw from `supportsSeverity`, reject, and log into themselves";
export const promised =
  "100 000 of 100 000 in each healthy sink; the caller sees no error, the process none; the books of every sink add up";
/** Reading all these lines holds up this process, which reads the pipes of other scenarios. */
export const alone = true;

export const run = () =>
  inFolder(async (folder) => {
    const path = join(folder, "f.jsonl");
    const { code, facts } = await start("bad-sinks", { path, count: RECORDS }).end;
    const bodies = textOf(path)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line).body);
    const inFile = bodies.filter((body, index, all) => typeof body === "number" && all[index - 1] !== body).length;
    const inner = bodies.filter((body) => body === "from within").length;
    const books = Object.entries(facts.sinks).filter(([, ledger]) => {
      const dropped = Object.values(ledger.dropped).reduce((sum, n) => sum + n, 0);
      return ledger.accepted !== ledger.delivered + dropped + ledger.pending;
    });
    const reentries = facts.sinks["re-entrant"].dropped.sink_error;
    const isExact =
      books.length === 0 &&
      facts.sinks.throwing.dropped.sink_error === facts.sinks.throwing.accepted &&
      facts.sinks.rejecting.dropped.sink_error === facts.sinks.rejecting.accepted &&
      facts.sinks.hanging.pending === facts.sinks.hanging.accepted &&
      inner === facts.innerLogs &&
      reentries === facts.innerLogs;
    const holds = code === 0 && inFile === RECORDS && facts.inMemory === RECORDS && facts.errors === 0 && isExact;
    const seen = [
      `${of(inFile, RECORDS)} in the file`,
      `${of(facts.inMemory, RECORDS)} in memory`,
      `${count(facts.errors)} errors seen by the caller or the process`,
      `the books ${isExact ? "add up" : "do not add up"}`,
    ];
    return { holds, seen: seen.join(", ") };
  });
