/** The command line: finds a subject, runs the suite over it, writes the report. */
import { statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError, describeError } from "@dagstack/logger-core";
import { formatReport, jsonList, textList } from "../formats/index.ts";
import { runSinkConformance, selectRules } from "../run/index.ts";
import { oneLine } from "../station/index.ts";
import type { SinkSubject } from "../subject/index.ts";
import { chooseSubject, loadSubjects, NoSubject } from "../subject/index.ts";
import { type CliOptions, readCommandLine, USAGE, UsageError } from "./cli-options.ts";
import { type ProgressStream, showProgress } from "./progress.ts";

/** What the command line reads and writes, so that tests can own it. */
export interface CommandWorld {
  readonly cwd: string;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressStream;
  /** Where errors that escape a sink surface. */
  readonly process: Pick<NodeJS.EventEmitter, "on" | "off">;
}

/** Conformant, not conformant, could not run. */
export type ExitStatus = 0 | 1 | 2;

/** Obeys a command line; the exit status. Never throws. */
export async function runCommandLine(args: readonly string[], world: CommandWorld): Promise<ExitStatus> {
  try {
    const options = readCommandLine(args);
    if (options.help) return say(world, undefined, USAGE);
    if (options.list) return listRules(options, world);
    const subject = await findSubject(options, world.cwd);
    return await runAndReport(subject, options, world);
  } catch (error) {
    world.stderr.write(`sink-conformance: ${messageOf(error)}\n`);
    if (error instanceof UsageError) world.stderr.write("See sink-conformance --help\n");
    return 2;
  }
}

function listRules({ rules, format, output }: CliOptions, world: CommandWorld): ExitStatus {
  const named = rules.map((name) => name.toUpperCase());
  const wanted = selectRules(rules).filter(
    ({ id }) => named.length === 0 || named.some((name) => id === name || id.startsWith(`${name}-`)),
  );
  return say(world, output, format === "json" ? jsonList(wanted) : textList(wanted));
}

async function findSubject({ module = "", exportName }: CliOptions, cwd: string): Promise<SinkSubject> {
  const url = moduleUrl(module, cwd);
  const subject = chooseSubject(await loadSubjects(url), exportName);
  if (subject.module !== undefined) return subject;
  // Set on the subject itself: a copy of a class's instance would lose its private members. A frozen one is a plain map.
  return Reflect.set(subject, "module", url) ? subject : { ...subject, module: url };
}

/** @throws UsageError when there is no such file. */
function moduleUrl(module: string, cwd: string): string {
  if (module.startsWith("file:")) return module;
  const path = resolve(cwd, module);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`there is no file ${path}`);
  return pathToFileURL(path).href;
}

async function runAndReport(subject: SinkSubject, options: CliOptions, world: CommandWorld): Promise<ExitStatus> {
  const progress = showProgress(world.stderr, options.quiet);
  let current = "the first rule";
  let escaped = 0;
  // A sink whose errors escape must not end the run: EXIT-04 judges it in a process of its own, and here it counts.
  const onEscape = (error: unknown): void => {
    escaped += 1;
    const { type, message } = describeError(error);
    progress.note(`an error escaped to the process while ${current} ran: ${type}: ${message}`);
  };
  world.process.on("uncaughtException", onEscape);
  world.process.on("unhandledRejection", onEscape);
  try {
    const report = await runSinkConformance(subject, {
      rules: options.rules,
      seed: options.seed,
      onRule: (rule, index, total) => {
        current = rule.id;
        progress.onRule(rule, index, total);
      },
      onOutcome: progress.onOutcome,
    });
    progress.end();
    say(world, options.output, formatReport(report, options.format, { date: options.date }));
    return report.conformant && escaped === 0 ? 0 : 1;
  } finally {
    world.process.off("uncaughtException", onEscape);
    world.process.off("unhandledRejection", onEscape);
  }
}

/** Writes to the file, or to standard output. @throws UsageError when the file cannot be written. */
function say(world: CommandWorld, output: string | undefined, text: string): 0 {
  if (output === undefined) {
    world.stdout.write(text);
    return 0;
  }
  try {
    writeFileSync(resolve(world.cwd, output), text);
    return 0;
  } catch (error) {
    throw new UsageError(`the report cannot be written: ${describeError(error).message}`);
  }
}

/** One message without a stack: what went wrong is in the module, the subject or the command, not in here. */
function messageOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof UsageError || error instanceof NoSubject) return oneLine(error.message);
  const { type, message } = describeError(error);
  return `could not run: ${type}: ${oneLine(message)}`;
}
