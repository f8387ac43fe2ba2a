import type { LogRecord } from "@dagstack/logger-core";
import { type ColorChoice, formatPretty, type PrettyOptions, usesColor } from "@dagstack/logger-core/wire";
import { type ConsoleStream, environmentVariable, type ProcessLike } from "./runtime/index.ts";

/** Where a terminal does not tell. */
const USUAL_WIDTH = 80;
/** Messages begin below each other from the start, as far as names go in most programs. */
const LEAST_NAME_WIDTH = 12;
/** Longer names are not aligned with. */
const MAX_NAME_WIDTH = 20;
/** A terminal has so many columns for each that the names may take. */
const COLUMNS_PER_NAME_COLUMN = 6;

/** Records as text for people, fitted to where it is shown: width, colours, time zone, names seen so far. */
export class PrettyText {
  readonly #stream: ConsoleStream | undefined;
  readonly #isTty: boolean;
  readonly #options: PrettyOptions;
  #nameWidth = LEAST_NAME_WIDTH;

  /** @param stream `undefined` stands for the console object, which wraps lines itself. */
  constructor(
    stream: ConsoleStream | undefined,
    process: ProcessLike | undefined,
    color: ColorChoice,
    utcOffsetMinutes: PrettyOptions["utcOffsetMinutes"],
  ) {
    const isTty = stream?.isTTY === true;
    this.#stream = stream;
    this.#isTty = isTty;
    this.#options = {
      color: usesColor(color, (name) => environmentVariable(process, name), isTty),
      cwd: workingFolder(process),
      // What is not read as it comes needs the date.
      date: stream !== undefined && !isTty,
      utcOffsetMinutes,
    };
  }

  of(record: LogRecord): string {
    const width = this.#isTty ? this.#width() : undefined;
    const { length } = record.instrumentationScope.name;
    const most = width === undefined ? MAX_NAME_WIDTH : Math.min(MAX_NAME_WIDTH, width / COLUMNS_PER_NAME_COLUMN);
    if (length > this.#nameWidth && length <= most) this.#nameWidth = length;
    return formatPretty(record, { ...this.#options, width, nameWidth: this.#nameWidth });
  }

  /** Terminals change their width. */
  #width(): number {
    const { columns } = this.#stream as ConsoleStream;
    return typeof columns === "number" && columns > 0 ? columns : USUAL_WIDTH;
  }
}

function workingFolder(process: ProcessLike | undefined): string {
  try {
    return process?.cwd?.() ?? "";
  } catch {
    return ""; // no permission, or the folder is gone: paths stay whole
  }
}
