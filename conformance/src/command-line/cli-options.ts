/** What the command line says. */
import { parseArgs } from "node:util";
import { describeError } from "@dagstack/logger-core";
import { FORMATS, type ReportFormat } from "../formats/index.ts";

export const USAGE: string = `Usage: sink-conformance <module> [options]

Runs the conformance suite for sinks of dagstack logger over the subject that a module exports.

  <module>         a JavaScript file, or a file: URL, that exports a subject: { name, create, … }
  --export NAME    which export, when the module has several subjects
  --rule RULES     only these, by id or group, such as FLUSH-02,CLOSE; may be given again
  --format FORM    ${FORMATS.join(", ")} (default: text)
  --output FILE    write the report there instead of to standard output
  --date DAY       put this day, such as 2026-05-01, in the Markdown certificate (default: none)
  --seed N         seeds env.random (default: 1)
  --quiet          no progress on standard error
  --list           list the rules instead of running them; needs no module
  --help           this text

Exit status: 0 the sink conforms, 1 it does not, 2 the suite could not run.
`;

/** The command line cannot be obeyed: one message for the one who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A command line, read. */
export interface CliOptions {
  readonly module: string | undefined;
  readonly exportName: string | undefined;
  /** Empty for all. */
  readonly rules: readonly string[];
  readonly format: ReportFormat;
  readonly output: string | undefined;
  readonly date: string | undefined;
  readonly seed: number | undefined;
  readonly quiet: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** Reads the arguments after the program's name. @throws UsageError */
export function readCommandLine(args: readonly string[]): CliOptions {
  const { values, positionals } = parse(args);
  const { help = false, list = false, quiet = false, output, date } = values;
  const [module, ...surplus] = positionals;
  if (surplus.length > 0) throw new UsageError(`one module at a time: ${surplus.join(" ")} is too much`);
  if (module === undefined && !list && !help)
    throw new UsageError("which module? Name the file that exports a subject");
  const format = FORMATS.find((name) => name === (values.format ?? "text"));
  if (format === undefined) throw new UsageError(`--format ${values.format}: allowed are ${FORMATS.join(", ")}`);
  if (list && format !== "text" && format !== "json") throw new UsageError("--list has the formats text and json");
  if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    throw new UsageError(`--date ${date}: write the day as 2026-05-01`);
  }
  if (output === "") throw new UsageError("--output needs the name of a file");
  return {
    module,
    exportName: values.export,
    rules: (values.rule ?? [])
      .flatMap((text) => text.split(","))
      .map((name) => name.trim())
      .filter((name) => name !== ""),
    format,
    output,
    date,
    seed: readSeed(values.seed),
    quiet,
    list,
    help,
  };
}

function readSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new UsageError(`--seed ${text}: a whole number of at most ten digits`);
  return Number(text);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        export: { type: "string" },
        rule: { type: "string", multiple: true },
        format: { type: "string" },
        output: { type: "string" },
        date: { type: "string" },
        seed: { type: "string" },
        quiet: { type: "boolean" },
        list: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(describeError(error).message);
  }
}
