// What a program of the matrix printed, as results by point.
import { FIRST_LOG, OTLP_RECORDS, RESULT_MARK } from "./programs/points.mjs";

/** Ours, and the one that it is held against. */
export const LIBRARIES = ["dagstack", "logtape"];

const POINTS = ["first", "child", "redaction", "error", "capture", "otlp"];

/** The points of a library in a cell where its program did not even get to them. */
export function failedPoints(problem) {
  return Object.fromEntries(POINTS.map((point) => [point, problem]));
}

/** `{ point: null | problem | { absent } }` from what a process printed. */
export function readPoints({ output }, received) {
  const line = output.split("\n").find((text) => text.includes(RESULT_MARK));
  if (line === undefined) return failedPoints(`no results: ${output.slice(-1500)}`);
  return confirmed(JSON.parse(line.slice(line.indexOf(RESULT_MARK) + RESULT_MARK.length)), output, received);
}

/** The two points that only show outside the program: what was printed, and what the receiver got. */
export function confirmed(results, output, received) {
  const times = output.split(FIRST_LOG).length - 1;
  if (results.first === null && times !== 1) results.first = `printed ${times} times: ${output.slice(0, 1500)}`;
  if (results.otlp === null && received !== OTLP_RECORDS) results.otlp = `${received} of ${OTLP_RECORDS} received`;
  return results;
}
