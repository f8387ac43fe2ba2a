import { count } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const RECORDS = 1_000;
const FLUSH_MS = 200;

export const id = "clock-jumps";
export const row = 4;
export const injected =
  "the wall clock set back and forth by 0.25 s to a day, 8 times, while records are logged and a flush of 200 ms waits for a sink that hangs";
export const promised = "times of records never decrease by less than a second; every flush keeps its deadline";

export const run = async (scale) => {
  const records = scale === "campaign" ? RECORDS * 20 : RECORDS;
  const { code, facts } = await start("clock-jumps", { count: records, flushMs: FLUSH_MS }).end;
  const { small, large, shortestMs, longestMs } = facts;
  const isInTime = shortestMs >= FLUSH_MS - 2 && longestMs <= FLUSH_MS + 2_000; // a busy machine may be late, not an hour
  const isTested = large >= 1 && facts.records === records * 16;
  return {
    holds: code === 0 && small === 0 && isInTime && isTested,
    seen: `${count(small)} decreases by less than a second in ${count(facts.records)} records; ${isInTime ? "every flush on time" : "a flush was not on time"}`,
  };
};
