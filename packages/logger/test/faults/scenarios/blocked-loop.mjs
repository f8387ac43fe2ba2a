import { join } from "node:path";
import { inFolder, of, recordsIn, textOf } from "@dagstack/fault-harness";
import { startReceiver } from "../receiver.mjs";
import { start } from "../start.mjs";

const RECORDS = 3_000;

export const id = "blocked-loop";
export const row = 1;
export const injected =
  "3 × 1 000 records, the event loop blocked for two seconds after each thousand; file, console and a slow OTLP receiver";
export const promised = "0 lost";
/** The receiver must have answered for everything within the two seconds of `exitFlushMs`. */
export const alone = true;

export const run = async (scale) =>
  inFolder(async (folder) => {
    const receiver = await startReceiver("slow");
    const path = join(folder, "f.jsonl");
    const sinks = [
      { file: path },
      { console: { stream: "stdout" } },
      { otlp: { endpoint: receiver.endpoint, protocol: "http/json" } },
    ];
    const blockMs = scale === "campaign" ? 5_000 : 2_000;
    const { code, stdout } = await start("blocked", { sinks, count: RECORDS / 3, blockMs }).end;
    receiver.close();
    const seen = [recordsIn(textOf(path), RECORDS), recordsIn(stdout, RECORDS), receiver.received()];
    const [file, console, remote] = seen.map((n) => of(n, RECORDS));
    return {
      holds: code === 0 && seen.every((n) => n === RECORDS),
      seen: `${file} in the file, ${console} on the console, ${remote} at the receiver`,
    };
  });
