// What the collector exported of the numbered records. Imports nothing of ours, so that its test runs before the build.

/** The body of record `number`. */
export const bodyOf = (number) => `order ${number} placed`;

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

/**
 * What is wrong, one line each: each record arrived once but for `maxDuplicates` that came again and for the numbers in
 * `lost`, and the sink's account says the same.
 */
export function problems({ lines, count, ledger, errors, lost = [], maxDuplicates = 0 }) {
  const { missing, duplicates, strangers } = countNumbers(lines, count);
  const found = [];
  const check = (ok, text) => {
    if (!ok) found.push(text);
  };
  const dropped = lost.length === 0 ? {} : { sink_error: lost.length };
  check(missing.join() === lost.join(), `missing: ${missing.length} records, expected: ${lost.length}`);
  check(duplicates <= maxDuplicates, `duplicates: ${duplicates}, at most ${maxDuplicates} expected`);
  check(strangers === 0, `records that nobody sent: ${strangers}`);
  const counted = JSON.stringify(ledger);
  const wanted = JSON.stringify({ accepted: count, delivered: count - lost.length, pending: 0, dropped });
  check(counted === wanted, `the sink counted ${counted}, not ${wanted}`);
  const said = new Set(errors.map(({ type, error }) => `${type}: ${error.message}`));
  if (found.length > 0 && said.size > 0) found.push(`the sink said: ${[...said].join("; ")}`);
  return { found, duplicates };
}
