import { DescriptorPort } from "./descriptor-port.ts";
import type { OpenDirectPort } from "./direct-port.ts";
import { type DescriptorWriter, type ProcessLike, standardStream } from "./runtime.ts";

interface Stat {
  readonly dev: number;
  readonly ino: number;
  isFIFO(): boolean;
  isSocket(): boolean;
}

interface FileSystem extends Pick<DescriptorWriter, "writeSync"> {
  fstatSync(fd: number): Stat;
}

/** Wherever there are descriptors; that is found out when a sink is made, since bundlers choose the code elsewhere. */
export const openDirectPort: OpenDirectPort = (stream, { process, writer, clock, standardStreams }) => {
  const { fd } = stream;
  const isStandard = stream === process?.stderr || stream === process?.stdout;
  // One that the application put in the place of the platform's may lead anywhere.
  if (!isStandard || stream._isStdio !== true || stream.isTTY === true || typeof fd !== "number") return undefined;
  const direct = writer ?? descriptorWriter(process);
  if (direct === undefined) return undefined;
  const [otherName, otherFd] = fd === 1 ? (["stderr", 2] as const) : (["stdout", 1] as const);
  const other = { fd: otherFd, stream: () => standardStream(process, otherName) };
  return new DescriptorPort({ stream, fd, writer: direct, clock, standardStreams, other });
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
      identity(fd) {
        const { dev, ino } = fs.fstatSync(fd);
        return `${dev}:${ino}`;
      },
    };
  } catch {
    return undefined; // not Node; the stream itself is written to
  }
}
