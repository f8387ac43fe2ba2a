// One way to end a process whose remote sink cannot deliver, beside local sinks (design §8 row 1).
import { join } from "node:path";
import { count, inFolder, of, recordsIn, sleep, textOf } from "@dagstack/fault-harness";
import { diagnostics } from "./diagnostics.mjs";
import { startReceiver } from "./receiver.mjs";
import { start } from "./start.mjs";

const RECORDS = 20_000;
/** What the queue of the remote sink holds by default; the rest of the burst gives way at once, counted. */
const QUEUE = 10_000;

/**
 * @param receivers of "down", "hangs", "slow", each in turn
 * @param limitMs how long the ending may take after the last work, on a machine that has time; a busy one gets as much
 *   again and a second
 */
export function remotePath({ ending, code, receivers, limitMs, hooks, exitFlushMs, signals }) {
  return async (scale) => {
    const findings = [];
    const rounds = scale === "campaign" ? 5 : 1;
    const partly = [];
    for (let round = 0; round < rounds; round++) {
      for (const kind of receivers) {
        const result = await once(kind, { ending, hooks, exitFlushMs, signals });
        const { ledger, told, inFile, onConsole, received } = result;
        const { accepted, delivered, pending, dropped } = ledger;
        const overflow = dropped.buffer_overflow ?? 0;
        const closed = dropped.closed ?? 0;
        if (result.code !== code) findings.push(`${kind}: exit code ${result.code}`);
        if (inFile !== RECORDS || onConsole !== RECORDS)
          findings.push(`${kind}: ${of(inFile, RECORDS)} in the file, ${of(onConsole, RECORDS)} on the console`);
        if (accepted !== RECORDS || accepted !== delivered + pending + overflow + closed)
          findings.push(`${kind}: the books do not add up: ${JSON.stringify(ledger)}`);
        if (told !== pending + closed)
          findings.push(`${kind}: ${count(told)} reported of ${count(pending + closed)} unflushed`);
        if (received < delivered) findings.push(`${kind}: ${delivered} counted as delivered, ${received} received`);
        if (kind === "slow" && limitMs >= 1000 && delivered === 0) findings.push("slow: nothing was delivered");
        if (kind !== "slow" && told !== QUEUE) findings.push(`${kind}: ${count(told)} reported, not ${count(QUEUE)}`);
        if (result.tookMs > limitMs * 2 + 1000) findings.push(`${kind}: the end took too long`);
        if (round === 0 && kind === "slow" && delivered > 0) partly.push("a slow receiver got what time allowed");
      }
    }
    const local = RECORDS * 2 * receivers.length * rounds;
    const good = [
      `${of(local, local)} on the local sinks`,
      `exit code ${code}`,
      "the whole rest of the remote sink's records reported as `unflushed_shutdown`",
      ...partly,
    ];
    return { holds: findings.length === 0, seen: (findings.length === 0 ? good : findings).join("; ") };
  };
}

function once(kind, { signals = [], ...argument }) {
  return inFolder(async (folder) => {
    const receiver = await startReceiver(kind);
    try {
      const path = join(folder, "sink.jsonl");
      const sinks = [
        { file: path },
        { otlp: { id: "remote", endpoint: receiver.endpoint, protocol: "http/json" } },
        { console: { stream: "stdout" } },
      ];
      const { child, says, end } = start("burst", { sinks, count: RECORDS, ...argument });
      for (const signal of signals) {
        await says(signal.after);
        if (signal.delayMs !== undefined) await sleep(signal.delayMs);
        child.kill(signal.name);
      }
      const { code, stdout, stderr, facts } = await end;
      const { tookMs, sinks: ledgers } = facts;
      return {
        code,
        tookMs,
        ledger: ledgers.remote,
        told: diagnostics(stderr, "unflushed_shutdown").remote ?? 0,
        inFile: recordsIn(textOf(path), RECORDS),
        onConsole: recordsIn(stdout, RECORDS),
        received: receiver.received(),
      };
    } finally {
      receiver.close();
    }
  });
}
