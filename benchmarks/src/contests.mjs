// What is compared with what. A contest is a table: one job per row, and the row that the others are divided by.
import { workloads } from "./workloads.mjs";

const linePeers = [
  "pino, sync",
  "pino, buffered",
  "dagstack, sync",
  "dagstack, default",
  "winston, console",
  "winston, file",
  "LogTape, stream file",
  "console.log",
];

/** Where the destination does not matter. */
const disabledPeers = ["pino, sync", "dagstack, default", "winston, console", "LogTape, stream file", "no logging"];

/** Ceilings of our own ratios: [record by record, default]. They are shown beside the figures and asserted nowhere. */
const lineGoals = {
  W2: [0.75, 0.25],
  W3: [0.6, 0.3],
  W3r: [undefined, 0.35],
  W4: [0.6, 0.3],
  W5: [0.8, 0.5],
  W6: [0.6, 0.35],
  "W9-1": [undefined, 0.4],
  "W9-4": [undefined, 0.4],
  "W9-16": [undefined, 0.4],
  "W9-64": [undefined, 0.4],
};

function lineContest(name) {
  const { title, isDisabled } = workloads[name];
  const [sync, byDefault] = lineGoals[name] ?? [];
  return {
    name,
    title,
    base: "pino, sync",
    rows: Object.fromEntries((isDisabled ? disabledPeers : linePeers).map((peer) => [peer, { peer, workload: name }])),
    goals: { "dagstack, sync": sync, "dagstack, default": byDefault },
  };
}

/**
 * - `base`: the row that ratios are taken against.
 * - `rows`: a job by the name of its row; `ms` and numbers of records come from the command line.
 * - `goals`: ceilings of CPU ratios, by row.
 */
export const contests = [
  ...["W1", "W1a", "W2", "W3", "W3r", "W4", "W5", "W6", "W9-1", "W9-4", "W9-16", "W9-64"].map(lineContest),
  {
    name: "records",
    title: "records in memory instead of lines, attributes as in W3",
    base: "pino, sync",
    rows: {
      "pino, sync": { peer: "pino, sync", workload: "W3" },
      "dagstack, memory": { peer: "dagstack, memory", workload: "W3" },
    },
    goals: { "dagstack, memory": 1 },
  },
  {
    name: "deep",
    title: "64 children, one below the other, against one with the same attributes",
    base: "1 child",
    rows: {
      "1 child": { peer: "dagstack, default", workload: "W3" },
      "64 children": { peer: "dagstack, default", workload: "deep" },
      "64 children, pino, sync": { peer: "pino, sync", workload: "deep" },
    },
    goals: { "64 children": 1.2 },
  },
  {
    name: "sinks",
    title: "each record to four files against one",
    base: "1 file",
    rows: {
      "1 file": { peer: "dagstack, default", workload: "W3" },
      "4 files": { peer: "dagstack, 4 files", workload: "W3" },
    },
    goals: { "4 files": 1.6 },
  },
  {
    name: "import",
    title: "cold import in a new process",
    base: "pino",
    rows: {
      pino: { kind: "load", module: "pino" },
      "@dagstack/logger": { kind: "load", module: "@dagstack/logger" },
      "@dagstack/logger and sink-file": { kind: "load", module: "./with-file-sink.mjs" },
      winston: { kind: "load", module: "winston" },
      "@logtape/logtape": { kind: "load", module: "@logtape/logtape" },
    },
    goals: { "@dagstack/logger": 1.3 },
  },
  {
    name: "otlp",
    title: "a burst to an OTLP/HTTP receiver, attributes as in W3 without the bound ones; per record that arrived",
    base: "OpenTelemetry SDK, default",
    rows: {
      "OpenTelemetry SDK, default": { kind: "otlp", peer: "OpenTelemetry SDK, default" },
      "OpenTelemetry SDK, large queue": { kind: "otlp", peer: "OpenTelemetry SDK, large queue" },
      "dagstack, OTLP": { kind: "otlp", peer: "dagstack, OTLP" },
    },
    goals: { "dagstack, OTLP": 0.5 },
  },
];
