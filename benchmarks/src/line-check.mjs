// Were all lines written, and does the last one say what it should?
import { closeSync, openSync, readSync } from "node:fs";
import { message, resource, scope } from "./fields.mjs";

const NEWLINE = 10;

/** Counts the lines of a file and returns the last one; large files are never held in memory. */
export function readLines(path) {
  const chunk = Buffer.alloc(1 << 20);
  const file = openSync(path, "r");
  let lines = 0;
  let bytes = 0;
  let tail = Buffer.alloc(0);
  for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
    const part = chunk.subarray(0, size);
    bytes += size;
    for (let at = part.indexOf(NEWLINE); at !== -1; at = part.indexOf(NEWLINE, at + 1)) lines += 1;
    const text = Buffer.concat([tail, part]);
    const end = text.lastIndexOf(NEWLINE);
    const start = end > 0 ? text.lastIndexOf(NEWLINE, end - 1) + 1 : 0;
    tail = Buffer.from(text.subarray(start));
  }
  closeSync(file);
  return { lines, bytes, last: tail.toString("utf8").trimEnd() };
}

/** The scalars of a value, at any depth. */
export function leaves(value) {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

/**
 * What is wrong with a line: a list of sentences, empty when it is right.
 *
 * @param n the number of its record; `undefined` when it may be any, since lines were lost: then it only has to parse
 */
export function faultsOf(line, workload, n) {
  let found;
  try {
    found = leaves(JSON.parse(line));
  } catch (error) {
    return [`the last line does not parse: ${error.message}`];
  }
  if (n === undefined) return [];
  const has = (value) =>
    found.includes(value) ||
    (typeof value === "string" && found.some((leaf) => typeof leaf === "string" && leaf.includes(value)));
  const expected = leaves([message, resource, scope, workload.expected(n)]);
  return [
    ...expected.filter((value) => !has(value)).map((value) => `the last line lacks ${JSON.stringify(value)}`),
    ...(workload.secrets?.(n) ?? []).filter(has).map((value) => `the last line shows the secret ${value}`),
  ];
}
