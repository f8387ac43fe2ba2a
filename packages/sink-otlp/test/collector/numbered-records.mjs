// Records that carry their number, and the count of those that the collector exported.
import { testRecord } from "@dagstack/logger-core/testing";

const resource = Object.freeze({ attributes: Object.freeze({ "service.name": "order-service" }) });
const bodyOf = (number) => `order ${number} placed`;

/** Record `number`; `padding` is the length of a text in it. */
export function numberedRecord(number, padding = 0) {
  const attributes = Object.freeze({ "record.number": number, "order.note": "x".repeat(padding) });
  return testRecord({ body: bodyOf(number), attributes, resource });
}

/** How often each of the records 0 … count-1 was exported: what is missing, how many came again, what is not ours. */
export function countNumbers(lines, count) {
  const seen = new Uint32Array(count);
  let strangers = 0;
  for (const record of logRecords(lines)) {
    const value = record.attributes?.find(({ key }) => key === "record.number")?.value.intValue;
    const number = Number(value ?? Number.NaN);
    if (number >= 0 && number < count && record.body?.stringValue === bodyOf(number)) seen[number] += 1;
    else strangers += 1;
  }
  const missing = [];
  let duplicates = 0;
  for (const [number, times] of seen.entries()) {
    if (times === 0) missing.push(number);
    else duplicates += times - 1;
  }
  return { missing, duplicates, strangers };
}

function* logRecords(lines) {
  for (const { resourceLogs } of lines)
    for (const { scopeLogs } of resourceLogs) for (const { logRecords } of scopeLogs) yield* logRecords;
}
