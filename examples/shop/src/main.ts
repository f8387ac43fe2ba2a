/**
 * A small shop under load, logging to a pretty console, a rotated file, an OTLP receiver and a callback. Halfway the
 * receiver goes down for a while. At the end the files and what the receiver got are checked, and every record is
 * accounted for.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { configure, INTERNAL_LOGGER_NAME, Logger } from "@dagstack/logger";
import { OtlpReceiver } from "@dagstack/otlp-receiver";
import { CallbackSink } from "@dagstack/sink-callback";
import { ConsoleSink } from "@dagstack/sink-console";
import { FileSink } from "@dagstack/sink-file";
import { OTLPSink } from "@dagstack/sink-otlp";
import { auditFiles, auditReceived } from "./audit.ts";
import { sendCustomers } from "./customers.ts";
import { openShop } from "./shop.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "6" }, quiet: { type: "boolean", default: false } },
});
const seconds = Number(values.seconds);

const directory = mkdtempSync(join(tmpdir(), "dagstack-shop-"));
const alerts: string[] = [];
const receiver = await OtlpReceiver.start();
const terminal = new ConsoleSink({
  id: "console",
  mode: "pretty",
  stream: "stdout",
  minSeverity: values.quiet ? "fatal" : "info",
});
const file = new FileSink(join(directory, "shop.jsonl"), { id: "file", rotation: { size: "100KB", keep: 1000 } });
const otlp = new OTLPSink({ id: "otlp", endpoint: receiver.url, flushIntervalMs: 200 });
const alert = new CallbackSink(async (record) => void alerts.push(String(record.body)), {
  id: "alert",
  minSeverity: "error",
});
const diagnostics: string[] = [];
const noteDiagnostic = new CallbackSink((record) => diagnostics.push(String(record.attributes["event.name"])), {
  id: "diagnostics",
});

const logging = configure({
  level: "debug",
  resource: { "service.name": "shop", "service.version": "1.4.0" },
  redaction: { preset: "strict" },
  sinks: [terminal, file, otlp, alert],
  loggers: {
    [INTERNAL_LOGGER_NAME]: {
      sinks: [new ConsoleSink({ id: "console:internal", mode: "pretty", stream: "stdout" }), noteDiagnostic],
    },
  },
});

async function takeReceiverDown(): Promise<void> {
  await sleep((seconds * 1000) / 3);
  await receiver.stop();
  await sleep((seconds * 1000) / 3);
  await receiver.restart();
}

const { url, server } = await openShop();
const [sent] = await Promise.all([sendCustomers(url, seconds), takeReceiverDown()]);
server.close();
const { success, droppedCount } = await logging.close(30_000);
await receiver.stop();

const audit = auditFiles(directory);
rmSync(directory, { recursive: true });
const received = auditReceived(receiver.records());
const { sinks } = Logger.metrics.snapshot();
const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0);
const ledgers = Object.entries(sinks).map(([sink, ledger]) => ({
  sink,
  accepted: ledger.accepted,
  delivered: ledger.delivered,
  pending: ledger.pending,
  lost: total(ledger.dropped),
}));
const delivered = (id: string): number | undefined => ledgers.find((ledger) => ledger.sink === id)?.delivered;

console.log(`\n${sent} requests answered; ${alerts.length} alerts sent`);
console.log(`${audit.lines} lines in ${audit.files} files read back, ${audit.problems.length} problems`);
console.log(
  `${received.records} records at the receiver, which was down for ${(seconds / 3).toFixed(1)} s; ${received.problems.length} problems`,
);
console.log(`diagnostics: ${diagnostics.join(", ")}`);
console.table(ledgers);

const expectations: readonly (readonly [string, boolean])[] = [
  ["close says that nothing was lost", success && droppedCount === 0],
  ["no ledger has a loss or anything pending", ledgers.every(({ lost, pending }) => lost + pending === 0)],
  [
    "the files hold every line, well-formed, without a secret",
    audit.problems.length === 0 && audit.lines === delivered("file"),
  ],
  ["every request is in the files", audit.requests === sent],
  [
    "the receiver has every record once, without a secret",
    received.problems.length === 0 && received.records === delivered("otlp"),
  ],
  ["the outage was told once, and its end once", diagnostics.join() === "sink_error,sink_recovered"],
];
const failed = expectations.filter(([, holds]) => !holds).map(([what]) => what);
console.log(failed.length === 0 ? "0 lost: every record is accounted for." : `NOT TRUE: ${failed.join("; ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
