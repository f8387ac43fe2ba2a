/** The arguments of the command. */
import { parseArgs } from "node:util";
import { packageNameProblem } from "./package-name.ts";
import { UsageError } from "./usage-error.ts";

/** The templates, and what each is for. */
export const TEMPLATES = {
  sync: "delivers inside emit: a function, memory, a fast local write",
  remote: "delivers in batches over the network, with retries",
} as const;

/** The name of a template. */
export type TemplateName = keyof typeof TEMPLATES;

/** What was asked for; what is left out was not given. */
export interface CommandLine {
  readonly folder?: string | undefined;
  readonly name?: string | undefined;
  readonly template?: TemplateName | undefined;
  /** Take the default for what was not given, and ask nothing. */
  readonly yes: boolean;
  readonly help: boolean;
}

export const USAGE: string = `npm create @dagstack/sink [folder] -- [options]

Writes a repository for a sink of dagstack logger: source, tests, conformance subject, CI.

  folder              where to; empty or not there yet (default: the last part of the name)
  --name <name>       the npm package, such as @acme/sink-x
  --template <name>   ${Object.entries(TEMPLATES)
    .map(([name, purpose]) => `${name.padEnd(7)} ${purpose}`)
    .join(`\n${" ".repeat(22)}`)}
  --yes, -y           ask nothing: take the default for what is not given
  --help, -h          this text`;

/**
 * Reads the arguments.
 *
 * @throws UsageError for an unknown option or template, a missing value, more than one folder, an invalid name.
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const { name, template } = values;
  if (positionals.length > 1) throw new UsageError(`one folder is enough, but there are ${positionals.length}`);
  const problem = name === undefined ? undefined : packageNameProblem(name);
  if (problem !== undefined) throw new UsageError(`--name ${JSON.stringify(name)}: ${problem}`);
  if (template !== undefined && !isTemplate(template)) {
    const known = Object.keys(TEMPLATES).join(", ");
    throw new UsageError(`--template ${JSON.stringify(template)}: there is no such template; templates: ${known}`);
  }
  if (positionals[0]?.trim() === "") throw new UsageError("the folder's name is empty");
  return { folder: positionals[0], name, template, yes: values.yes === true, help: values.help === true };
}

/** Whether there is a template of that name. */
export function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(TEMPLATES, name);
}

const OPTIONS = {
  name: { type: "string" },
  template: { type: "string" },
  yes: { type: "boolean", short: "y" },
  help: { type: "boolean", short: "h" },
} as const;

type Parsed = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>;

function parse(args: readonly string[]): Parsed {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's text goes on with advice on how to pass a folder whose name begins with a dash.
    const [problem] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(
      `${problem}; options: ${Object.keys(OPTIONS)
        .map((name) => `--${name}`)
        .join(", ")}`,
    );
  }
}
