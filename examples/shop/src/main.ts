/**
 * A small shop under load, logging to a pretty console, a rotated file and a callback. At the end the files are read
 * back and checked, and every record is accounted for.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { configure, Logger } from "@dagstack/logger";
import { CallbackSink } from "@dagstack/sink-callback";
import { ConsoleSink } from "@dagstack/sink-console";
import { FileSink } from "@dagstack/sink-file";
import { auditFiles } from "./audit.ts";
import { sendCustomers } from "./customers.ts";
import { openShop } from "./shop.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "3" }, quiet: { type: "boolean", default: false } },
});

const directory = mkdtempSync(join(tmpdir(), "dagstack-shop-"));
const alerts: string[] = [];
const terminal = new ConsoleSink({
  id: "console",
  mode: "pretty",
  stream: "stdout",
  minSeverity: values.quiet ? "fatal" : "info",
});
const file = new FileSink(join(directory, "shop.jsonl"), { id: "file", rotation: { size: "100KB", keep: 1000 } });
const alert = new CallbackSink(async (record) => void alerts.push(String(record.body)), {
  id: "alert",
  minSeverity: "error",
});

const logging = configure({
  level: "debug",
  resource: { "service.name": "shop", "service.version": "1.4.0" },
  redaction: { preset: "strict" },
  sinks: [terminal, file, alert],
});

const { url, server } = await openShop();
const sent = await sendCustomers(url, Number(values.seconds));
server.close();
const { success, droppedCount } = await logging.close();

const audit = auditFiles(directory);
rmSync(directory, { recursive: true });
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

console.log(`\n${sent} requests answered; ${alerts.length} alerts sent`);
console.log(`${audit.lines} lines in ${audit.files} files read back, ${audit.problems.length} problems`);
console.table(ledgers);

const lost = ledgers.reduce((sum, ledger) => sum + ledger.lost + ledger.pending, 0);
const written = ledgers.find((ledger) => ledger.sink === "file")?.delivered;
const sound =
  success &&
  droppedCount === 0 &&
  lost === 0 &&
  audit.problems.length === 0 &&
  audit.lines === written &&
  audit.requests === sent;
console.log(
  sound
    ? "0 lost: every record is accounted for."
    : `NOT SOUND: ${lost} lost, ${audit.problems.slice(0, 5).join("; ")}`,
);
process.exitCode = sound ? 0 : 1;
