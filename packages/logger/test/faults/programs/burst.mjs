// Logs a burst and ends: argument `{ sinks, count, ending, exitFlushMs, hooks, worker }`.
import { fileURLToPath } from "node:url";
import { isMainThread, Worker } from "node:worker_threads";
import { say } from "@dagstack/fault-harness/say";
import { configure, installShutdownHooks, Logger } from "@dagstack/logger";
import { sinkOf } from "./sinks.mjs";

const argument = JSON.parse(process.argv[2]);

function run({ sinks, count, ending, exitFlushMs, hooks }) {
  configure({ sinks: sinks.map(sinkOf), ...(exitFlushMs === undefined ? {} : { exitFlushMs }) });
  if (hooks !== undefined) installShutdownHooks(hooks);
  const log = Logger.get("burst");
  let lastWorkMs = 0;
  let exits = 0;
  process.on("exit", () => {
    exits += 1;
    say({ tookMs: performance.now() - lastWorkMs, exits, sinks: Logger.metrics.snapshot().sinks });
  });
  for (let n = 0; n < count; n++) log.info(n);
  lastWorkMs = performance.now();
  ENDINGS[ending](log, count);
}

const ENDINGS = {
  natural: () => {},
  exitCode: () => {
    process.exitCode = 5;
  },
  exit: () => process.exit(3),
  throw: () => {
    throw new Error("end");
  },
  throwLater: () => {
    setImmediate(() => {
      throw new Error("end");
    });
  },
  rejection: () => {
    void Promise.reject(new Error("end"));
  },
  signal: () => {
    setInterval(() => {}, 1000);
    say({ ready: true });
  },
  // The process signals itself, with the burst still in its buffers; another handler logs one record more.
  SIGTERM: (log, count) => endBySignal("SIGTERM", log, count),
  SIGINT: (log, count) => endBySignal("SIGINT", log, count),
};

function endBySignal(signal, log, count) {
  setInterval(() => {}, 1000);
  process.on(signal, () => {
    say({ otherHandler: true });
    log.info(count);
  });
  process.kill(process.pid, signal);
}

if (argument.worker && isMainThread) {
  const worker = new Worker(fileURLToPath(import.meta.url), { argv: [process.argv[2]] });
  worker.on("error", (error) => say({ workerError: error.message }));
  worker.on("exit", (workerCode) => say({ workerCode }));
} else {
  run(argument);
}
