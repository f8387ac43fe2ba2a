import { ManualClock, RecordingContext } from "@dagstack/logger-core/testing";
import { FileSink, type FileSinkOptions, type FileSinkSeams, type ProcessTable } from "../src/index.ts";
import { FakeFileSystem } from "./fake-file-system.ts";

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A process table in which those named have ended. */
export function processes(self: string, ...gone: string[]): ProcessTable {
  return { self, isGone: (owner) => gone.some((name) => owner.startsWith(name)) };
}

/** A sink at `/logs/f` in a file system of its own or a given one. */
export function setUp(
  options: FileSinkOptions = {},
  seams: FileSinkSeams = {},
  fs: FakeFileSystem = new FakeFileSystem(),
) {
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  const sink = new FileSink("/logs/f", options, { fs, clock, processes: processes("me"), pause: () => {}, ...seams });
  sink.attach(context);
  const emit = (...lines: string[]) => {
    for (const line of lines) {
      context.ledger.accept();
      sink.emitLine(9, encode(line));
    }
  };
  const reasons = () => context.diagnostics.map(({ event, reason }) => `${event}: ${reason}`);
  return { fs, clock, context, sink, emit, reasons, text: (path = "/logs/f") => fs.text(path) };
}
