/** Plays a scenario in a process of its own, with the subject loaded anew from its module. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lab } from "../station/index.ts";
import { MissingHook, NoSink, oneLine, SubjectFault } from "../station/index.ts";
import { type ChildAnswer, type ChildTask, childEnvironment, refuseInChild, type Scenario } from "./task.ts";

/** How a scenario differs from the usual. */
export interface PlayOptions {
  /** Default false: with `create`. */
  readonly alone?: boolean;
  /** Default true. */
  readonly dispose?: boolean;
  /** Default: a new one. */
  readonly folder?: string;
  /** Default 5000. */
  readonly heldAfterMs?: number;
  /** How long the process may live at all, in milliseconds. Default 20 000. */
  readonly lifeMs?: number;
  /** Options of Node, before the program. */
  readonly nodeOptions?: readonly string[];
}

/** For loading and playing; what hangs longer is killed. */
const LIFE_MS = 20_000;
const STDERR_LENGTH = 4000;
/** Options of Node that decide which modules load, and how. A process of the suite's gets those that its parent has. */
const LOADING = /^(--import|--require|-r|--loader|--experimental-loader|--conditions|-C)(=.*)?$/;

/**
 * Plays it, and answers what the process found.
 *
 * @throws SubjectFault when the module, or the subject in it, cannot be used there.
 * @throws MissingHook without `module`, or without a hook that the scenario needs.
 */
export async function playInChild(lab: Lab, scenario: Scenario, play: PlayOptions = {}): Promise<ChildAnswer> {
  refuseInChild();
  const { module, name } = lab.subject;
  if (module === undefined) throw new MissingHook("module");
  const home = await lab.folder();
  const task: ChildTask = {
    scenario,
    module,
    subject: name,
    alone: play.alone ?? false,
    dispose: play.dispose ?? true,
    folder: play.folder ?? (await lab.folder()),
    seed: lab.seed,
    heldAfterMs: play.heldAfterMs ?? 5000,
    answerFile: join(home, "answer.json"),
  };
  const options = [...(play.nodeOptions ?? []), ...loadingOptions()];
  const child = spawn(process.execPath, [...options, programPath(), JSON.stringify(task)], {
    stdio: ["ignore", "ignore", "pipe"],
    env: childEnvironment(home),
  });
  const end = await ended(child, play.lifeMs ?? LIFE_MS);
  return understood(existsSync(task.answerFile) ? readFileSync(task.answerFile, "utf8") : "{}", end);
}

interface ProcessEnd {
  readonly how: string;
  readonly stderr: string;
}

function understood(text: string, end: ProcessEnd): ChildAnswer {
  const answer = JSON.parse(text) as ChildAnswer;
  const { fault, missingHook, missingMembers, played } = answer;
  if (fault !== undefined) throw new SubjectFault(fault.hook, `${fault.what} (in a process of its own)`);
  if (missingHook !== undefined) throw new MissingHook(missingHook);
  if (missingMembers !== undefined) throw new NoSink(missingMembers);
  if (played === true) return answer;
  const said = end.stderr === "" ? "" : `; it said: ${oneLine(end.stderr).slice(0, 300)}`;
  throw new SubjectFault("module", `${end.how} before the sink had been put to use${said}`);
}

async function ended(child: ChildProcess, lifeMs: number): Promise<ProcessEnd> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(0, STDERR_LENGTH);
  });
  let killed = false;
  const timer = setTimeout(() => {
    killed = true;
    child.kill("SIGKILL");
  }, lifeMs);
  try {
    const how = await new Promise<string>((resolve) => {
      child.once("error", ({ message }) => resolve(`could not be loaded in another process: ${message}`));
      child.once("exit", (code, signal) => resolve(`ended its process with ${signal ?? `exit status ${code}`}`));
    });
    return { how: killed ? `hung its process for ${lifeMs} ms` : how, stderr };
  } finally {
    clearTimeout(timer);
    child.stderr?.destroy(); // what the process started itself may hold it open
  }
}

/** The compiled program, from the compiled suite and from its source alike. */
function programPath(): string {
  const path = import.meta.url.endsWith(".ts") ? "../../dist/child/program.js" : "./program.js";
  return fileURLToPath(new URL(path, import.meta.url));
}

function loadingOptions(): string[] {
  const { execArgv } = process;
  return execArgv.filter((option, index) => {
    if (LOADING.test(option)) return true;
    const before = execArgv[index - 1];
    return before !== undefined && !before.includes("=") && LOADING.test(before);
  });
}
