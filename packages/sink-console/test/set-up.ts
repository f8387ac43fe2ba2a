import { Writable } from "node:stream";
import type { LogRecord } from "@dagstack/logger-core";
import { ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import { ConsoleSink, type ConsoleSinkOptions, type ConsoleSinkSeams } from "../src/index.ts";

/** A sink with a context; `emit` counts as the logger does. */
export function attached(options?: ConsoleSinkOptions, seams?: ConsoleSinkSeams) {
  const clock = new ManualClock();
  const context = new RecordingContext(clock);
  const sink = new ConsoleSink(options, { process: {}, ...seams });
  sink.attach(context);
  const emit = (...bodies: unknown[]): void => {
    for (const body of bodies) {
      context.ledger.accept();
      sink.emit(testRecord({ body } as Partial<LogRecord>));
    }
  };
  return { sink, context, clock, emit };
}

/** A real Node stream that holds each chunk until `release`, or lets it through at once. */
export function nodeStream(options: { readonly hold?: boolean; readonly isTTY?: boolean } = {}) {
  const chunks: string[] = [];
  const held: ((error?: Error | null) => void)[] = [];
  let isHolding = options.hold === true;
  const writable = new Writable({
    highWaterMark: 16_384,
    write(chunk: Buffer, _encoding, callback) {
      chunks.push(chunk.toString());
      if (isHolding) held.push(callback);
      else callback();
    },
  });
  const stream = Object.assign(writable, options.isTTY === undefined ? {} : { isTTY: options.isTTY });
  const release = async (error?: Error): Promise<void> => {
    isHolding = false;
    for (let callback = held.shift(); callback !== undefined; callback = held.shift()) callback(error);
    await nextTurn();
  };
  const text = (): string => chunks.join("");
  const bodies = (): unknown[] => bodiesOf(text());
  return { stream, chunks, release, text, bodies };
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The bodies of dagstack lines. */
export function bodiesOf(text: string): unknown[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Error("the last line has no end");
  return lines.map((line) => (JSON.parse(line) as { body: unknown }).body);
}

export class CodedError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}
