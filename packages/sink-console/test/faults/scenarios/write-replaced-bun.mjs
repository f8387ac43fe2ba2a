import { bunBinary, count } from "@dagstack/fault-harness";
import { playBetween } from "../between.mjs";

export const id = "write-replaced-bun";
export const row = 1;
export const injected = "the same under Bun, whose standard streams have a `write` of their own";
export const promised = "the same";
/** The reader must come back within the second that the drain at exit waits for it. */
export const alone = true;

export const run = async () => {
  const bun = bunBinary();
  if (bun === undefined)
    return { holds: true, skipped: true, seen: "skipped: there is no Bun here (.ci/run fetches one)" };
  const { findings, ways, emitted, arrived, counted } = await playBetween(bun);
  const holds = findings.length === 0 && arrived + counted === emitted;
  const good = `${ways} ways: ${count(emitted)} records, each of them arrived or counted, none both`;
  return { holds, seen: holds ? good : findings.join("; ") };
};
