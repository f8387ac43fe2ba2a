/**
 * Logs some hundred records into a bulk API that is throttled, down, behind a login page, wants smaller requests and
 * refuses some items for a while and some for good; then checks that each record came once or was counted.
 */
import { configure, Logger } from "@dagstack/logger";
import { AcmeReceiver } from "./acme-receiver.ts";
import { AcmeSink } from "./acme-sink.ts";

const RECORDS = 300;
const BATCH = 50;

const receiver = await AcmeReceiver.start();
const sink = new AcmeSink({
  url: receiver.url,
  batchSize: BATCH,
  flushIntervalMs: 10,
  retry: { initialMs: 20, maxMs: 50 },
});
const logging = configure({ sinks: [sink] });
const log = Logger.get("shop.checkout");

const isRefused = (n: number): boolean => n % 50 === 7;
const isBusy = (n: number): boolean => n % 10 === 3;
receiver.refuse({ status: 503 }, { status: 429, retryAfterSeconds: 1 }, { status: 200, page: true });
receiver.maxItems = 40;
receiver.itemStatus = ({ attributes }, times) => {
  const n = Number(attributes.n);
  if (isRefused(n)) return 400;
  return isBusy(n) && times === 1 ? 429 : 201;
};

for (let n = 0; n < RECORDS; n++) log.info("order placed", { n });
await logging.close(10_000);
await receiver.stop();

const numbers = receiver.records.map(({ attributes }) => Number(attributes.n));
const wanted = Array.from({ length: RECORDS }, (_, n) => n);
const refused = wanted.filter(isRefused);
const inOrder = (list: readonly number[]): boolean => list.every((n, at) => at === 0 || n > (list[at - 1] ?? 0));
const ledger = Logger.metrics.snapshot().sinks[sink.id];
console.log(`${numbers.length} of ${RECORDS} records at the receiver, ${refused.length} refused for good`);
console.log(`answers: ${receiver.answers.join(" ")}`);

const expectations: readonly (readonly [string, boolean])[] = [
  [`every request was well-formed (${receiver.problems.join("; ")})`, receiver.problems.length === 0],
  ["each record that is not refused for good came once", new Set(numbers).size === RECORDS - refused.length],
  ["none came twice", new Set(numbers).size === numbers.length],
  ["those tried again keep their order", inOrder(numbers.filter(isBusy))],
  ["and so do the others", inOrder(numbers.filter((n) => !isBusy(n)))],
  [
    "503, 429, a page, 413 and mixed items were met",
    /^503 429 200 413 200\(201\+429\+400\)/.test(receiver.answers.join(" ")),
  ],
  ["the ledger says how many were refused", ledger?.dropped.sink_error === refused.length],
  ["and that the others were delivered", ledger?.delivered === numbers.length && ledger.pending === 0],
];
const failed = expectations.filter(([, holds]) => !holds).map(([what]) => what);
console.log(failed.length === 0 ? "every record is accounted for." : `NOT TRUE: ${failed.join("; ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
