import { count } from "@dagstack/fault-harness";
import { playBetween } from "../between.mjs";

export const id = "write-replaced";
export const row = 1;
export const injected =
  "5 000 records and `process.exit` while somebody stands between the sink and stdout, in 18 ways (`write` replaced with and without callback and answer, asynchronous, bound, in pieces; stdout redirected; proxies; objects and streams of the application), above a pipe that is read late and slowly, or only when the process is gone";
export const promised =
  "what hands on at once loses nothing while somebody reads; in every case what arrived is what is counted as delivered, and the rest is counted as waiting";
/** The reader must come back within the second that the drain at exit waits for it. */
export const alone = true;

export const run = async () => {
  const { findings, ways, emitted, arrived, counted } = await playBetween();
  const holds = findings.length === 0 && arrived + counted === emitted;
  const good = `${ways} ways: ${count(emitted)} records, each of them arrived or counted, none both`;
  return { holds, seen: holds ? good : findings.join("; ") };
};
