// Sinks that do everything wrong beside healthy ones: argument `{ path, count }`.
import { say } from "@dagstack/fault-harness/say";
import { configure, Logger } from "@dagstack/logger";
import { FileSink } from "@dagstack/sink-file";

const { path, count } = JSON.parse(process.argv[2]);
const never = new Promise(() => {});
const fail = () => {
  throw new Error("broken");
};
const reject = () => Promise.reject(new Error("broken"));
const sink = (id, calls) => ({ id, supportsSeverity: () => true, emit() {}, flush() {}, close() {}, ...calls });
let inMemory = 0;
let innerLogs = 0;

const bad = [
  sink("hanging", { emit: () => never, flush: () => never, close: () => never }),
  sink("throwing", { emit: fail, flush: fail, close: fail }),
  sink("asked and throwing", { supportsSeverity: fail }),
  sink("rejecting", { emit: reject, flush: reject, close: reject }),
  sink("re-entrant", {
    emit: ({ body }) => {
      if (body % 1000 !== 0) return;
      innerLogs += 1;
      log.debug("from within"); // disabled: must not recurse either
      log.info("from within");
    },
  }),
];
const healthy = sink("healthy", {
  emit: ({ body }) => {
    if (typeof body === "number") inMemory += 1;
  },
});
configure({ sinks: [...bad, new FileSink(path, { id: "file" }), healthy], exitFlushMs: 100 });
const log = Logger.get("bad");
let errors = 0;
process.on("uncaughtException", () => errors++);
process.on("unhandledRejection", () => errors++);
for (let n = 0; n < count; n++) {
  try {
    log.info(n);
  } catch {
    errors++; // what the caller must never see
  }
}
process.on("exit", () => say({ errors, inMemory, innerLogs, sinks: Logger.metrics.snapshot().sinks }));
