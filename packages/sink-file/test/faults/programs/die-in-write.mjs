// Writes ten lines, then dies when half of the next write has reached the file. Argument: `{ path, options }`.
import { nodeFileSystem } from "../../../dist/index.js";
import { countingSink, lineOf } from "./sink.mjs";

const { path, options } = JSON.parse(process.argv[2]);
let isDying = false;
const fs = {
  ...nodeFileSystem,
  write(fd, bytes, offset, length) {
    if (!isDying) return nodeFileSystem.write(fd, bytes, offset, length);
    nodeFileSystem.write(fd, bytes, offset, Math.floor(length / 2));
    return process.kill(process.pid, "SIGKILL");
  },
};
const { sink } = countingSink(path, options, { fs });
for (let i = 0; i < 10; i++) sink.emitLine(9, lineOf(i, 50));
await sink.flush();
isDying = true;
sink.emitLine(9, lineOf(10, 50));
await sink.flush();
