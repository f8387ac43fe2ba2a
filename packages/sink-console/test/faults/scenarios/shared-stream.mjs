import { inFolder, namedPipe, of } from "@dagstack/fault-harness";
import { start } from "../start.mjs";

const RECORDS = 5_000;

export const id = "shared-stream";
export const row = 1;
export const injected =
  "three console sinks (two of JSON lines, one pretty) on one stdout, a pipe that is read slowly; all closed at the end";
export const promised = "every line whole, each sink's in order; the process's stream is not closed";

export const run = () =>
  inFolder(async (folder) => {
    const pipe = namedPipe(folder);
    const sinks = [{ id: "one" }, { id: "two", format: "otlp_json" }, { id: "three", mode: "pretty" }];
    const { end } = start("share", { sinks, count: RECORDS, from: 0, padTo: 300 }, { stdout: pipe.writer });
    pipe.closeWriter();
    pipe.read(5);
    const { code } = await end;
    const lines = (await pipe.text).split("\n");
    const isOpen = lines.at(-2) === "the stream is open" && lines.at(-1) === "";
    const next = [0, 0, 0];
    let odd = 0;
    for (const line of lines.slice(0, -2)) {
      const { kind, body } = read(line);
      if (kind !== undefined && body === `${next[kind]} ${"x".repeat(next[kind] % 300)}`) next[kind]++;
      else odd++;
    }
    const total = next.reduce((sum, n) => sum + n, 0);
    const holds = code === 0 && total === 3 * RECORDS && odd === 0 && isOpen;
    const seen = [`${of(total, 3 * RECORDS)} lines whole and in order`, `${odd} others`];
    return { holds, seen: `${seen.join(", ")}; the stream is ${isOpen ? "open" : "closed"}` };
  });

/** Which sink wrote it, and the body. */
function read(line) {
  if (!line.startsWith("{")) return { kind: 2, body: /(\d+ x*)(?: |$)/.exec(line.slice(24))?.[1] };
  try {
    const value = JSON.parse(line);
    if (value.body !== undefined) return { kind: 0, body: value.body };
    return { kind: 1, body: value.resourceLogs[0].scopeLogs[0].logRecords[0].body.stringValue };
  } catch {
    return {}; // torn: counted as an odd one
  }
}
