import { DescriptorPort } from "./descriptor-port.ts";
import type { OpenDirectPort } from "./direct-port.ts";
import type { DescriptorWriter, ProcessLike } from "./runtime.ts";

interface FileSystem extends Pick<DescriptorWriter, "writeSync"> {
  fstatSync(fd: number): { isFIFO(): boolean; isSocket(): boolean };
}

/** In Node and its like. */
export const openDirectPort: OpenDirectPort = (stream, process, writer, clock) => {
  const { fd } = stream;
  const isStandard = stream === process?.stderr || stream === process?.stdout;
  if (!isStandard || stream.isTTY === true || typeof fd !== "number") return undefined;
  const direct = writer ?? descriptorWriter(process);
  return direct === undefined ? undefined : new DescriptorPort(stream, fd, direct, clock);
};

/** `node:fs` and a sleep, or `undefined` where there is none. */
function descriptorWriter(process: ProcessLike | undefined): DescriptorWriter | undefined {
  try {
    const fs = process?.getBuiltinModule?.("node:fs") as FileSystem | undefined;
    if (typeof fs?.writeSync !== "function" || typeof SharedArrayBuffer !== "function") return undefined;
    const cell = new Int32Array(new SharedArrayBuffer(4));
    return {
      writeSync: (fd, bytes, offset, length) => fs.writeSync(fd, bytes, offset, length),
      sleepSync: (ms) => void Atomics.wait(cell, 0, 0, ms),
      isPipe(fd) {
        const stat = fs.fstatSync(fd);
        return stat.isFIFO() || stat.isSocket();
      },
    };
  } catch {
    return undefined; // not Node; the stream itself is written to
  }
}
