import { join } from "node:path";
import { inFolder, of, textOf } from "@dagstack/fault-harness";
import { startReceiver } from "../receiver.mjs";
import { start } from "../start.mjs";

/** A process that something holds does not end at all; a busy machine needs a while. */
const PATIENCE_MS = 15_000;

export const id = "ends-by-itself";
export const row = 15;
export const injected =
  "every sink configured, the file rotated by size and time, the OTLP receiver there, down or hanging, shutdown hooks installed; nothing or one record logged; no `close()`; in the main thread and in a worker";
export const promised = "the process ends by itself";

export const run = async () => {
  let ended = 0;
  let asked = 0;
  const findings = [];
  for (const kind of ["slow", "down", "hangs"]) {
    for (const records of [0, 1]) {
      for (const worker of [false, true]) {
        asked++;
        const { code, written } = await once(kind, records, worker);
        if (code === 0 && written === records) ended++;
        else findings.push(`${kind}, ${records} records, ${worker ? "worker" : "main"}: ${code}, ${written} written`);
      }
    }
  }
  return { holds: ended === asked, seen: [`${of(ended, asked)} processes ended`, ...findings].join("; ") };
};

function once(kind, records, worker) {
  return inFolder(async (folder) => {
    const receiver = await startReceiver(kind);
    const path = join(folder, "f.jsonl");
    const sinks = [
      { file: path, options: { rotation: { size: "1MB", interval: "1h" } } },
      { console: {} },
      { otlp: { endpoint: receiver.endpoint, protocol: "http/json" } },
      { memory: {} },
      { callback: true },
    ];
    const { child, end } = start("burst", {
      sinks,
      count: records,
      ending: "natural",
      hooks: {},
      exitFlushMs: 300,
      worker,
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    const { code } = await end;
    clearTimeout(timer);
    receiver.close();
    return { code, written: textOf(path).split("\n").length - 1 };
  });
}
