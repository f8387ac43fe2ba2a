// The cases of `npm run test:collector`. `run(binary)` resolves to `{ problems, note }`: none, one or more lines, and what was seen.
import { setTimeout as sleep } from "node:timers/promises";
import { parseOtlpJson } from "@dagstack/logger-core/testing";
import { Collector } from "./collector.mjs";
import { problems } from "./exported-records.mjs";
import { difference, goldens } from "./goldens.mjs";
import { SinkRun } from "./sink-run.mjs";

const batchSize = 512;
const protobuf = "http/protobuf";
const json = "http/json";

/** Runs `work` against a collector of its own. */
async function withCollector(binary, options, work) {
  const collector = await Collector.start(binary, options);
  try {
    return await work(collector);
  } finally {
    collector.dispose();
  }
}

/** Each golden as the body of one request; the exporter writes one line for each. */
const postGoldens = (contentType, bodyOf) => (binary) =>
  withCollector(binary, {}, async (collector) => {
    const all = goldens();
    const found = [];
    for (const golden of all) {
      const headers = { "content-type": contentType };
      const answer = await fetch(`${collector.endpoint}/v1/logs`, { method: "POST", headers, body: bodyOf(golden) });
      const text = await answer.text();
      if (answer.status !== 200) found.push(`${golden.name}: HTTP ${answer.status} ${text}`);
    }
    const lines = await collector.finish();
    if (lines.length !== all.length) found.push(`${all.length} requests made ${lines.length} lines`);
    else found.push(...all.flatMap(({ name, expected }, index) => compare(name, lines[index], expected)));
    return { problems: found, note: `${all.length} requests` };
  });

/** Each golden's record through a sink that sends it alone. */
const sendGoldens = (protocol) => (binary) =>
  withCollector(binary, {}, async (collector) => {
    const all = goldens();
    const run = new SinkRun(collector, { protocol, batchSize: 1, flushIntervalMs: 0 });
    const records = all.map((golden) => parseOtlpJson(golden.json)[0]);
    for (const record of records) run.emit(record);
    const { result } = await run.finish();
    const lines = await collector.finish();
    const found = result.success ? [] : [`flush: ${JSON.stringify(result)}`];
    if (lines.length !== all.length) found.push(`${all.length} records made ${lines.length} lines`);
    else
      found.push(
        ...all.flatMap(({ name, expected }, index) => compare(name, observed(lines[index], expected), expected)),
      );
    return { problems: found, note: `${all.length} records` };
  });

function compare(name, line, expected) {
  const text = difference(line, expected);
  return text === undefined ? [] : [`${name}${text}`];
}

/** A sink sets the observed time of a record that has none (D-14). */
function observed(line, expected) {
  const copy = structuredClone(line);
  const recordOf = (logs) => logs.resourceLogs[0].scopeLogs[0].logRecords[0];
  if (recordOf(expected).observedTimeUnixNano === undefined) delete recordOf(copy).observedTimeUnixNano;
  return copy;
}

/** `count` records at once; `outages` is what happens meanwhile, one after the other: each `(collector, run)`. */
const burst =
  ({ count, outages = [], collectorOptions, padding, lost, ...sinkOptions }) =>
  (binary) =>
    withCollector(binary, collectorOptions, async (collector) => {
      const run = new SinkRun(collector, { batchSize, ...sinkOptions });
      const started = performance.now();
      run.burst(count, padding);
      for (const outage of outages) await outage(collector, run);
      const account = await run.finish();
      const seconds = (performance.now() - started) / 1000;
      const lines = await collector.finish();
      // A batch whose answer was lost is sent again, and the receiver may have had it: one for each outage, never more.
      const maxDuplicates = outages.length * batchSize;
      const { found, duplicates } = problems({ lines, count, lost, maxDuplicates, ...account });
      // What flaps within ten seconds is told as one (§7.4): the first end, and that of all others when it is over.
      const least = Math.min(2, outages.length);
      if (account.recoveries < least || account.recoveries > outages.length)
        found.push(`outages that the sink told: ${account.recoveries} of ${outages.length}`);
      const note = `${count} records in ${seconds.toFixed(1)} s, ${lines.length} requests, duplicates: ${duplicates}`;
      return { problems: found, note };
    });

/** Kills it a moment after `after` records were delivered, hence within a request or between two, and starts it again. */
const killAndRestart = (after, momentMs) => async (collector, run) => {
  await run.delivered(after);
  await sleep(momentMs);
  await collector.kill();
  await sleep(300);
  await collector.startAgain();
};

const pauseFor = (after, pauseMs) => async (collector, run) => {
  await run.delivered(after);
  collector.pause();
  await sleep(pauseMs);
  collector.resume();
};

const kills = {
  count: 50_000,
  outages: [killAndRestart(10_000, 0), killAndRestart(20_000, 3), killAndRestart(30_000, 7)],
};
/** Long enough for one attempt to time out, too short for two. */
const pause = { count: 50_000, timeoutMs: 2000, outages: [pauseFor(10_000, 2600)] };
const tooLargeAlone = 700;
const bodyLimit = {
  count: 5000,
  collectorOptions: { maxBodyBytes: 65_536 },
  padding: (number) => (number === tooLargeAlone ? 100_000 : 1000),
  lost: [tooLargeAlone],
};

export const cases = [
  { title: "goldens as they are, protobuf", run: postGoldens("application/x-protobuf", (golden) => golden.protobuf) },
  { title: "goldens as they are, JSON", run: postGoldens("application/json", (golden) => golden.json) },
  { title: "goldens through the sink, protobuf", run: sendGoldens(protobuf) },
  { title: "goldens through the sink, JSON", run: sendGoldens(json) },
  { title: "burst, protobuf", run: burst({ count: 200_000, protocol: protobuf }) },
  { title: "burst, protobuf, gzip", run: burst({ count: 200_000, protocol: protobuf, compression: "gzip" }) },
  { title: "burst, JSON", run: burst({ count: 200_000, protocol: json }) },
  { title: "burst, JSON, gzip", run: burst({ count: 200_000, protocol: json, compression: "gzip" }) },
  {
    title: "SIGKILL and restart, protobuf",
    run: burst({ ...kills, protocol: protobuf }),
  },
  {
    title: "SIGKILL and restart, JSON, gzip",
    run: burst({ ...kills, protocol: json, compression: "gzip" }),
  },
  { title: "SIGSTOP for a while, protobuf", run: burst({ ...pause, protocol: protobuf }) },
  { title: "SIGSTOP for a while, JSON", run: burst({ ...pause, protocol: json }) },
  { title: "requests above the body limit, protobuf", run: burst({ ...bodyLimit, protocol: protobuf }) },
  {
    title: "requests above the body limit, JSON, gzip",
    run: burst({ ...bodyLimit, protocol: json, compression: "gzip" }),
  },
];
