/**
 * Logs some hundred records into a small Loki that goes down and comes back, then checks that it has every record once,
 * in order and without a secret.
 */
import { configure, INTERNAL_LOGGER_NAME, Logger } from "@dagstack/logger";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";
import { InMemorySink } from "@dagstack/sink-memory";
import { LokiReceiver } from "./loki-receiver.ts";
import { LokiSink } from "./loki-sink.ts";
import { receiverIsStrict } from "./receiver-is-strict.ts";

const RECORDS = 400;
const SECRET = "tok_live_9182";
const LEVELS = ["info", "warn", "error"] as const;

const receiver = await LokiReceiver.start();
const loki = new LokiSink({
  url: receiver.url,
  labels: { env: "demo" },
  headers: { authorization: `Bearer ${SECRET}` },
  batchSize: 50,
  flushIntervalMs: 20,
  retry: { initialMs: 100 },
});
const diagnostics = new InMemorySink();
const logging = configure({
  resource: { "service.name": "shop" },
  sinks: [loki],
  loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] } },
});
const log = Logger.get("shop.checkout");

function logRecords(from: number, to: number): void {
  for (let n = from; n < to; n++) log[LEVELS[n % LEVELS.length] ?? "info"]("order placed", { n, api_key: SECRET });
}

logRecords(0, RECORDS / 2);
await logging.flush();
receiver.refuse({ status: 503 }, { status: 503 }, { status: 503 }, { status: 429, retryAfterSeconds: 1 });
logRecords(RECORDS / 2, RECORDS - 1);
log.info("x".repeat(262_000), { n: RECORDS - 1, api_key: SECRET }); // the record fits, its line is above Loki's limit
const { success, droppedCount } = await logging.close(10_000);
await receiver.stop();

const { entries, problems, answers } = receiver;
const streams = new Map<string, number[]>();
for (const { stream, record } of entries) {
  const key = JSON.stringify(stream);
  streams.set(key, [...(streams.get(key) ?? []), Number(record.attributes.n)]);
}
const numbers = [...streams.values()].flat();
const ledger = Logger.metrics.snapshot().sinks[loki.id];
const lost = Object.values(ledger?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
const told = diagnostics.records();
const events = told.map(({ attributes }) => attributes["event.name"]).join(", ");
const throttled = answers.findIndex(({ status }) => status === 429);
const pauseMs = (answers[throttled + 1]?.atMs ?? 0) - (answers[throttled]?.atMs ?? 0);

console.log(`${entries.length} of ${RECORDS} records at the receiver, in ${streams.size} streams`);
console.log(`answers: ${answers.map(({ status }) => status).join(" ")}; the 429 was given ${Math.round(pauseMs)} ms`);
console.log(`diagnostics: ${events}`);

const expectations: readonly (readonly [string, boolean])[] = [
  ["the receiver refuses what Loki refuses", await receiverIsStrict()],
  [`every push was well-formed (${[...new Set(problems)].join("; ")})`, problems.length === 0],
  ["every record came once", numbers.length === RECORDS && new Set(numbers).size === RECORDS],
  ["a stream for each severity, with our labels", [...streams.keys()].join() === expectedStreams()],
  [
    "each stream is in order",
    [...streams.values()].every((list) => list.join() === list.toSorted((a, b) => a - b).join()),
  ],
  ["a line above Loki's limit arrives, cut", entries.some(({ line }) => line.length > 260_000)],
  ["secrets are masked", entries.every(({ line }) => !line.includes(SECRET) && line.includes('"api_key":"***"'))],
  ["the receiver was down four times", answers.filter(({ status }) => status !== 204).length === 4],
  ["the sink waited for as long as it was asked to", pauseMs > 950],
  ["close says that nothing was lost", success && droppedCount === 0],
  ["so does the ledger", ledger?.delivered === RECORDS && ledger.pending === 0 && lost === 0],
  ["the outage was told once, and its end once", events === "sink_error, sink_recovered"],
  [
    "no diagnostic repeats the server's text",
    told.every((record) => !toDagstackJsonl(record).includes("does not take")),
  ],
];

function expectedStreams(): string {
  return ["INFO", "WARN", "ERROR"]
    .map((severity) => JSON.stringify({ env: "demo", service_name: "shop", severity }))
    .join();
}

const failed = expectations.filter(([, holds]) => !holds).map(([what]) => what);
console.log(failed.length === 0 ? "0 lost: every record is accounted for." : `NOT TRUE: ${failed.join("; ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
