// docs/runtimes.md, from the last result of every cell.
const COLUMNS = [
  { title: "bundle", points: ["build"] },
  { title: "first log", points: ["first"] },
  { title: "child", points: ["child"] },
  { title: "redaction", points: ["redaction"] },
  { title: "error", points: ["error"] },
  { title: "capture", points: ["capture"] },
  { title: "OTLP", points: ["otlp"] },
  { title: "pipe: return, exit, throw", points: ["pipe-return", "pipe-exit", "pipe-throw"] },
  { title: "file: return, exit, throw", points: ["file-return", "file-exit", "file-throw"] },
  { title: "types", points: ["types"] },
];

const TOO_SLOW = /^did not end/;

const mark = (result) => (result === null ? "✓" : typeof result === "string" ? "✗" : "–");

/** The tables, one for each group; a cell that no run has had says so. */
export function tables(groups, latest) {
  return groups.map((group) => table(group, latest)).join("\n");
}

function table({ title, cells }, latest) {
  const ran = cells.map(({ name }) => latest[name]?.results).filter(Boolean);
  const has = (results, { points }) => points.some((point) => point in results);
  const columns = COLUMNS.filter((column) => ran.length === 0 || ran.some((results) => has(results, column)));
  const compared = cells.some(({ name }) => latest[name]?.logtape !== undefined);
  const head = [title, ...columns.map((column) => column.title), ...(compared ? ["LogTape does not do"] : [])];
  const rows = cells.map((cell) => row(cell, latest[cell.name], columns, compared));
  return [`| ${head.join(" | ")} |`, `|${"---|".repeat(head.length)}`, ...rows, ""].join("\n");
}

function row({ name, title }, latest, columns, compared) {
  const label = `${title} <!-- ${name} -->`;
  const width = columns.length + (compared ? 1 : 0);
  if (latest?.results === undefined) return `| ${label} | ${["not run", ...Array(width - 1).fill("")].join(" | ")} |`;
  const { results, logtape } = latest;
  const marks = columns.map(({ points }) => points.map((point) => mark(results[point])).join(" "));
  return `| ${[label, ...marks, ...(compared ? [failures(logtape)] : [])].join(" | ")} |`;
}

/** What LogTape was too slow for on a busy machine is not held against it. */
function failures(logtape = {}) {
  return COLUMNS.flatMap(({ title, points }) => {
    const failed = points.filter((point) => typeof logtape[point] === "string" && !TOO_SLOW.test(logtape[point]));
    if (failed.length === 0) return [];
    if (points.length === 1) return [title];
    return [`${title.split(":")[0]}: ${failed.map((point) => point.split("-")[1]).join(", ")}`];
  }).join("; ");
}

/** The names of the cells that a text has a row for. */
export function cellsIn(text) {
  return [...text.matchAll(/<!-- ([\w:.-]+) --> \|/g)].map(([, name]) => name);
}
