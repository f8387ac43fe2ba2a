// This tree against the previous release, as Markdown. Nothing here fails: people look at what is marked.
import { markdownTable, ratioText } from "../report.mjs";

/** From which change on a count is marked; below it is noise. CPU times carry no mark: equal code differs by a fifth on a busy machine. */
const NOTICEABLE = { bytesAllocated: 0.02, instructions: 0.02, collections: 0.05 };

const whole = (value) => Math.round(value).toLocaleString("en-GB");

/** "+3.1 % ▲" for more, "-3.1 % ▼" for less, without a mark below `noticeable`. `undefined` when there is nothing to compare. */
export function changeText(previous, current, noticeable) {
  if (previous === undefined || current === undefined) return undefined;
  if (previous === 0) return current === 0 ? "±0" : "from 0 ▲";
  const change = current / previous - 1;
  const mark = Math.abs(change) < noticeable ? "" : change > 0 ? " ▲" : " ▼";
  return `${change < 0 ? "" : "+"}${(change * 100).toFixed(1)} %${mark}`;
}

function countText(key, previous, current) {
  if (current === undefined) return "—";
  const change = changeText(previous, current, NOTICEABLE[key]);
  return change === undefined ? whole(current) : `${whole(previous)} → ${whole(current)} (${change})`;
}

function cpuText(cpu) {
  return cpu === undefined ? "—" : `× ${ratioText(cpu.ratio)} (${ratioText(cpu.low)} – ${ratioText(cpu.high)})`;
}

/**
 * @param rows `{ name, previous, current, cpu }`; the two hold counts by the names of `NOTICEABLE`, `previous` and `cpu`
 *   may be absent
 * @param baseline the name of the previous release, if there is one
 * @param notes sentences on what was left out
 */
export function guardReport(rows, baseline, notes) {
  const head = ["", "bytes allocated per record", "collections per million", "instructions per record", "CPU"];
  const count = (key) => (row) => countText(key, row.previous?.[key], row.current[key]);
  const columns = [count("bytesAllocated"), count("collections"), count("instructions"), ({ cpu }) => cpuText(cpu)];
  const table = markdownTable(
    head,
    rows.map((row) => [row.name, ...columns.map((column) => column(row))]),
  );
  const title = baseline === undefined ? "## Cost of a record" : `## Cost of a record, against ${baseline}`;
  const legend =
    "▲ costs more, ▼ less, by more than noise. Counts do not depend on the machine; the CPU ratio, with its range, does.";
  return `${[title, table, legend, ...notes].join("\n\n")}\n`;
}
