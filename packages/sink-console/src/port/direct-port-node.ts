import { StandardStreams, type StreamBypass } from "../foreign/index.ts";
import { type ConsoleStream, type DescriptorWriter, type ProcessLike, standardStream } from "../runtime/index.ts";
import { DescriptorPort } from "./descriptor-port.ts";
import type { DirectPortOf, ForeignCallsOf, PortSources } from "./direct-port.ts";
import type { Port } from "./port.ts";

interface Stat {
  readonly dev: number;
  readonly ino: number;
  isFIFO(): boolean;
  isSocket(): boolean;
}

interface FileSystem extends Pick<DescriptorWriter, "writeSync"> {
  fstatSync(fd: number): Stat;
}

const directPorts = new WeakMap<ConsoleStream, Port & StreamBypass>();
const watched = new WeakMap<ProcessLike, StandardStreams>();
const NO_PROCESS: ProcessLike = {};

/** Everywhere but in browsers and at the edge; whether there are descriptors is found out when a sink is made. */
export const directPortOf: DirectPortOf = (stream, sources) => {
  const port = directPorts.get(stream) ?? openDirectPort(stream, sources);
  if (port !== undefined) directPorts.set(stream, port);
  return port;
};

export const foreignCallsOf: ForeignCallsOf = (sources) => {
  const process = sources.process ?? NO_PROCESS;
  let streams = watched.get(process);
  if (streams === undefined) {
    streams = new StandardStreams(process, (stream) => directPortOf(stream, sources));
    watched.set(process, streams);
  }
  return streams;
};

function openDirectPort(stream: ConsoleStream, sources: PortSources): (Port & StreamBypass) | undefined {
  const { process, writer, clock } = sources;
  const { fd } = stream;
  const isStandard = stream === process?.stderr || stream === process?.stdout;
  // One that the application put in the place of the platform's may lead anywhere.
  if (!isStandard || stream._isStdio !== true || stream.isTTY === true || typeof fd !== "number") return undefined;
  const direct = writer ?? descriptorWriter(process);
  if (direct === undefined) return undefined;
  const [otherName, otherFd] = fd === 1 ? (["stderr", 2] as const) : (["stdout", 1] as const);
  const other = { fd: otherFd, stream: () => standardStream(process, otherName) };
  return new DescriptorPort({ stream, fd, writer: direct, clock, foreignCalls: foreignCallsOf(sources), other });
}

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
