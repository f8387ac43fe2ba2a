import { inFolder, namedPipe, of, recordsIn } from "@dagstack/fault-harness";
import { diagnostics } from "../diagnostics.mjs";
import { startReceiver } from "../receiver.mjs";
import { start } from "../start.mjs";

const RECORDS = 20_000;
const QUEUE = 10_000;

export const id = "report-slow-stderr";
export const row = 1;
export const injected =
  "the same burst onto the default console, whose stderr is read slowly, beside an OTLP sink whose receiver hangs; `process.exit`, a natural end, SIGTERM with hooks";
export const promised = "0 lost on the console; the report of what is lost comes through the same full pipe";

export const run = async (scale) => {
  const rounds = scale === "campaign" ? 5 : 1;
  const endings = ["exit", "natural", "SIGTERM"];
  let lines = 0;
  let reports = 0;
  for (let round = 0; round < rounds; round++) {
    for (const ending of endings) {
      const { text, wanted, unflushed } = await once(ending);
      const own = text.split("\n").filter((line) => !line.includes("dagstack.logger.internal"));
      lines += Math.min(RECORDS, recordsIn(own.join("\n"), wanted));
      if (unflushed >= QUEUE && diagnostics(text, "unflushed_shutdown").remote === unflushed) reports++;
    }
  }
  const total = rounds * endings.length;
  const holds = lines === RECORDS * total && reports === total;
  return { holds, seen: `${of(lines, RECORDS * total)}; ${of(reports, total)} reports with the exact count` };
};

function once(ending) {
  return inFolder(async (folder) => {
    const receiver = await startReceiver("hangs");
    try {
      const pipe = namedPipe(folder);
      const sinks = [{ console: {} }, { otlp: { id: "remote", endpoint: receiver.endpoint, protocol: "http/json" } }];
      const argument = { sinks, count: RECORDS, ending, hooks: { timeoutMs: 300 }, exitFlushMs: 300 };
      const { end } = start("burst", argument, { stderr: pipe.writer });
      pipe.closeWriter();
      pipe.read(5);
      const { pending, dropped } = (await end).facts.sinks.remote;
      const unflushed = pending + (dropped.closed ?? 0);
      return { text: await pipe.text, unflushed, wanted: ending === "SIGTERM" ? RECORDS + 1 : RECORDS };
    } finally {
      receiver.close();
    }
  });
}
