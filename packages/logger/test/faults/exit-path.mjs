// One way to end a process, over all local destinations (design §8 row 1).
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { inFolder, namedPipe, of, recordsIn, textOf } from "@dagstack/fault-harness";
import { diagnostics } from "./diagnostics.mjs";
import { start } from "./start.mjs";

const RECORDS = 20_000;
/** A busy machine may take the time of one try; not of all. */
const TRIES = 4;
const NATURAL_END_MS = 200;
const DESTINATIONS = ["fast pipe", "slow pipe", "file"];

/**
 * `run` of a scenario: `RECORDS` in one burst into a FileSink and the console, whose descriptor is in turn a pipe that
 * is read at once, one that is read slowly, and a file; then the ending.
 *
 * @param code the exit code that must be kept: of the worker, with `worker`
 * @param more how many records handlers add
 */
export function exitPath({ ending, code, more = 0, hooks, worker = false, timed = false }) {
  return async (scale) => {
    const findings = [];
    const rounds = scale === "campaign" ? 10 : 1;
    let records = 0;
    const wanted = RECORDS + more;
    for (let round = 0; round < rounds; round++) {
      for (const destination of DESTINATIONS) {
        const isTimed = timed && destination !== "slow pipe";
        const best = await bestOf(isTimed ? TRIES : 1, () => once(ending, destination, wanted, { hooks, worker }));
        const { inFile, onConsole, seenCode, tookMs, lossesTold, otherHandler } = best;
        records += inFile + onConsole;
        if (inFile !== wanted || onConsole !== wanted)
          findings.push(`${destination}: ${of(inFile, wanted)} in the file, ${of(onConsole, wanted)} on the console`);
        if (seenCode !== code) findings.push(`${destination}: exit code ${seenCode}`);
        if (lossesTold > 0) findings.push(`${destination}: ${lossesTold} records reported as lost`);
        if (more > 0 && otherHandler !== true) findings.push(`${destination}: the other handler did not run`);
        if (isTimed && !(tookMs <= NATURAL_END_MS)) findings.push(`${destination}: the end took longer than 200 ms`);
      }
    }
    const total = wanted * rounds * DESTINATIONS.length * 2;
    const facts = [of(records, total), `exit code ${code}`];
    if (timed) facts.push("ended in time without `close()`");
    if (more > 0) facts.push("the other handler ran and its record is there");
    return { holds: findings.length === 0, seen: findings.length === 0 ? facts.join(", ") : findings.join("; ") };
  };
}

async function bestOf(tries, attempt) {
  let best = await attempt();
  for (let n = 1; n < tries && !(best.tookMs <= NATURAL_END_MS); n++) best = await attempt();
  return best;
}

function once(ending, destination, wanted, { hooks, worker }) {
  return inFolder(async (folder) => {
    const path = join(folder, "sink.jsonl");
    const consolePath = join(folder, "console.jsonl");
    const pipe = destination === "file" ? undefined : namedPipe(folder);
    const fd = pipe?.writer ?? openSync(consolePath, "a");
    const sinks = [{ file: path }, { console: { stream: "stdout" } }];
    const { end } = start("burst", { sinks, count: RECORDS, ending, hooks, worker }, { stdout: fd });
    if (pipe === undefined) closeSync(fd);
    else {
      pipe.closeWriter();
      pipe.read(destination === "slow pipe" ? 5 : 0);
    }
    const { code, stderr, facts } = await end;
    const consoleText = pipe === undefined ? textOf(consolePath) : await pipe.text;
    return {
      inFile: recordsIn(textOf(path), wanted),
      onConsole: recordsIn(consoleText, wanted),
      seenCode: worker ? facts.workerCode : code,
      tookMs: facts.tookMs,
      otherHandler: facts.otherHandler,
      lossesTold: Object.values(diagnostics(stderr, "unflushed_shutdown")).reduce((sum, n) => sum + n, 0),
    };
  });
}
