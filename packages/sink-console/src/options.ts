import { describeValue, type Level, type LineFormat, OptionsCheck } from "@dagstack/logger-core";
import type { ColorChoice } from "@dagstack/logger-core/wire";
import { type ConsoleStream, isConsoleStream } from "./runtime/index.ts";

/** What is written: text for people, JSON lines, or whichever fits the stream. */
export type ConsoleMode = "auto" | "json" | "pretty";

/** Options of `ConsoleSink`. */
export interface ConsoleSinkOptions {
  /** Default `console:<mode>` (D-50). */
  readonly id?: string | undefined;
  /** Records below are ignored without a trace. Default: everything. */
  readonly minSeverity?: Level | undefined;
  /** Default `auto`: pretty text on a terminal and in a browser, else JSON lines. */
  readonly mode?: ConsoleMode | undefined;
  /** Default `stderr`. A stream given here is never ended. */
  readonly stream?: "stderr" | "stdout" | ConsoleStream | undefined;
  /** Which JSON lines. Default `dagstack`. */
  readonly format?: LineFormat | undefined;
  /**
   * Colours of pretty text. Default `auto`: `FORCE_COLOR`, then `NO_COLOR` and `TERM=dumb`, then whether it is a terminal
   * or `CI` is set.
   */
  readonly color?: ColorChoice | undefined;
  /** How much may wait for a stream that does not take more, in bytes. Default 16 MiB. */
  readonly maxBufferBytes?: number | undefined;
}

/** The options with their defaults. */
export interface ConsoleSettings {
  readonly id: string;
  readonly minSeverity: number;
  readonly mode: ConsoleMode;
  readonly stream: "stderr" | "stdout" | ConsoleStream;
  readonly format: LineFormat;
  readonly color: ColorChoice;
  readonly maxBufferBytes: number;
}

const OPTIONS = ["id", "minSeverity", "mode", "stream", "format", "color", "maxBufferBytes"] as const;
const DEFAULT_MAX_BUFFER_BYTES = 16 * 1024 * 1024;

/** @throws ConfigError listing every option that is unknown or bad. */
export function readOptions(options: ConsoleSinkOptions | undefined): ConsoleSettings {
  const check = new OptionsCheck("ConsoleSink", options, OPTIONS);
  const mode = check.oneOf("mode", ["auto", "json", "pretty"], "auto");
  const settings: ConsoleSettings = {
    id: check.text("id", `console:${mode}`),
    minSeverity: check.level("minSeverity"),
    mode,
    stream: readStream(check),
    format: check.oneOf("format", ["dagstack", "otlp_json"], "dagstack"),
    color: check.oneOf("color", ["auto", "always", "never"], "auto"),
    maxBufferBytes: check.integer("maxBufferBytes", { min: 1, default: DEFAULT_MAX_BUFFER_BYTES, unit: "bytes" }),
  };
  check.finish();
  return settings;
}

function readStream(check: OptionsCheck): ConsoleSettings["stream"] {
  const stream = check.get("stream");
  if (stream === undefined) return "stderr";
  if (stream === "stderr" || stream === "stdout" || isConsoleStream(stream)) return stream;
  check.add({
    path: check.path("stream"),
    reason: typeof stream === "string" ? "out_of_range" : "type_mismatch",
    received: describeValue(stream),
    allowed: '"stderr", "stdout" or an object with a write method',
    fix: 'leave it out for "stderr"',
  });
  return "stderr";
}
