// Lets three things go wrong within a second that do not come again, and one before the sink has anybody to tell. Says what was told.
// Argument: `{ path }`.
import { say } from "@dagstack/fault-harness/say";
import { nodeFileSystem } from "../../../dist/index.js";
import { countingSink, lineOf } from "./sink.mjs";

const { path } = JSON.parse(process.argv[2]);
const due = new Set(["list"]); // before there is a context
const once =
  (name, code) =>
  (...args) => {
    if (!due.delete(name)) return nodeFileSystem[name](...args);
    throw Object.assign(new Error(`${name}: as the scenario asked`), { code });
  };
const fs = {
  ...nodeFileSystem,
  list: once("list", "EACCES"),
  fsync: once("fsync", "EIO"),
  rename: once("rename", "EPERM"),
  gzip: once("gzip", "EDQUOT"),
};
const options = { fsync: "flush", rotation: { size: 1_000, keep: 5, compress: true } };
const { sink, counts } = countingSink(path, options, { fs });
const log = () => sink.emitLine(9, lineOf(1, 500));
due.add("fsync").add("rename").add("gzip");
for (let i = 0; i < 6; i++) log();
const { success } = await sink.flush();
for (let i = 0; i < 4; i++) log(); // the rotation that failed succeeds
await new Promise((resolve) => setTimeout(resolve, 100));
await sink.close();
say({ ...counts, success });
