import { ManualClock } from "@dagstack/logger-core/testing";
import fc from "fast-check";
import { FileSink, type FileSinkOptions, type FileSystem } from "../src/index.ts";
import type { FakeFileSystem } from "./fake-file-system.ts";
import { encode, processes } from "./set-up.ts";

/** The lines of all files. */
export function linesOf(fs: FakeFileSystem): string[] {
  return [...fs.names].flatMap(([path]) => (fs.text(path) ?? "").split("\n").slice(0, -1));
}

/** Who of three processes logs a line of what length, and after how long. */
export const schedule = fc.array(
  fc.record({ who: fc.nat(2), length: fc.nat(12), ms: fc.constantFrom(0, 0, 3, 11, 700) }),
);
type Schedule = typeof schedule extends fc.Arbitrary<infer Steps> ? Steps : never;

/** Plays a schedule with three processes, each of which sees the files through a view of its own. Answers what they wrote. */
export async function play(steps: Schedule, options: FileSinkOptions, viewOf: (process: number) => FileSystem) {
  const clock = new ManualClock();
  const sinks = ["p1", "p2", "p3"].map((name, index) => {
    const seams = { fs: viewOf(index), clock, processes: processes(name), pause: () => {} };
    return new FileSink("/logs/f", options, seams);
  });
  const written: string[] = [];
  for (const { who, length, ms } of steps) {
    await clock.advance(ms);
    written.push(`${written.length}${"-".repeat(length)}`);
    sinks[who]?.emitLine(9, encode(String(written.at(-1))));
  }
  await clock.advance(2_000);
  return { written, clock };
}
