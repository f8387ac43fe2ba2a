// die-in-write <path> <sync|buffered> <rotated?>: writes ten lines, then dies when half of the next write has reached the file.
import { nodeFileSystem } from "../../../dist/index.js";
import { countingSink, lineOf } from "./sink.mjs";

const [path, mode, rotated] = process.argv.slice(2);
let isDying = false;
const fs = {
  ...nodeFileSystem,
  write(fd, bytes, offset, length) {
    if (!isDying) return nodeFileSystem.write(fd, bytes, offset, length);
    nodeFileSystem.write(fd, bytes, offset, Math.floor(length / 2));
    return process.kill(process.pid, "SIGKILL");
  },
};
const options = { sync: mode === "sync", ...(rotated === "rotated" ? { rotation: { size: "1MB", keep: 3 } } : {}) };
const { sink } = countingSink(path, options, { fs });
for (let i = 0; i < 10; i++) sink.emitLine(9, lineOf(i, 50));
await sink.flush();
isDying = true;
sink.emitLine(9, lineOf(10, 50));
await sink.flush();
