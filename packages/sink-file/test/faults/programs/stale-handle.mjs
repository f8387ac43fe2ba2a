// Logs while every descriptor opened before a moment answers each write with an error that Node has no name for, as that of a file server
// that came back does. Says what became of the lines, and how long it took. Argument: `{ path, error, options }`.
import { say } from "@dagstack/fault-harness/say";
import { nodeFileSystem } from "../../../dist/index.js";
import { countingSink, lineOf } from "./sink.mjs";

const { path, error, options } = JSON.parse(process.argv[2]);
const opened = new Set();
const stale = new Set();
const fail = () => {
  throw Object.assign(new Error(`${error.code}: as the scenario asked`), error);
};
const fs = {
  ...nodeFileSystem,
  open(...args) {
    const fd = nodeFileSystem.open(...args);
    opened.add(fd);
    stale.delete(fd);
    return fd;
  },
  write: (fd, ...rest) => (stale.has(fd) ? fail() : nodeFileSystem.write(fd, ...rest)),
  fsync: (fd) => (stale.has(fd) ? fail() : nodeFileSystem.fsync(fd)),
  status: (fd) => (stale.has(fd) ? fail() : nodeFileSystem.status(fd)),
};
const { sink, counts } = countingSink(path, options, { fs });
const turn = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let number = 0;
for (; number < 100; number++) sink.emitLine(9, lineOf(number));
await turn(20);
for (const fd of opened) stale.add(fd);
const staleMs = performance.now();
const before = counts.delivered;
while (counts.delivered === before && performance.now() - staleMs < 8_000) {
  sink.emitLine(9, lineOf(number++));
  await turn(10);
}
const againMs = performance.now() - staleMs;
const { success } = await sink.flush();
await sink.close();
say({ ...counts, number, success, againMs });
