/** The program of the processes that the suite starts: plays one scenario with a subject, and tells what it found. */
import { writeFileSync } from "node:fs";
import { describeError } from "@dagstack/logger-core";
import { MissingHook, NoSink, SubjectFault } from "../station/index.ts";
import type { SinkSubject } from "../subject/index.ts";
import { loadSubjects, NoSubject } from "../subject/index.ts";
import { Escapes } from "./escapes.ts";
import { scenarios } from "./scenarios.ts";
import type { ChildAnswer, ChildTask } from "./task.ts";

const task = JSON.parse(process.argv[2] ?? "") as ChildTask;
const answer: ChildAnswer = {};

function tell(found: ChildAnswer): void {
  Object.assign(answer, found);
  writeFileSync(task.answerFile, JSON.stringify(answer));
}

async function findSubject(): Promise<SinkSubject> {
  const found = [...(await loadSubjects(task.module)).values()];
  const subject = found.find(({ name }) => name === task.subject);
  if (subject !== undefined) return subject;
  const others = found.length === 0 ? "none" : found.map(({ name }) => JSON.stringify(name)).join(", ");
  throw new NoSubject(`exports no subject named ${JSON.stringify(task.subject)}, but ${others}`);
}

function problem(error: unknown): ChildAnswer {
  if (error instanceof MissingHook) return { missingHook: error.hook };
  if (error instanceof NoSink) return { missingMembers: error.missing };
  if (error instanceof NoSubject) return { fault: { hook: "module", what: error.message } };
  if (error instanceof SubjectFault) return { fault: { hook: error.hook, what: error.what } };
  const { type, message } = describeError(error);
  return { fault: { hook: "module", what: `threw ${type}: ${message}` } };
}

const escapes = new Escapes(process);
try {
  const found = await scenarios[task.scenario](await findSubject(), task, escapes);
  tell({ played: true, ...found });
} catch (error) {
  tell(problem(error));
  process.exit(1);
}
if (task.scenario === "write") process.kill(process.pid, "SIGKILL");
if (task.scenario !== "idle" && task.scenario !== "closed") process.exit(0);
// Runs only if something else keeps the process alive until then.
setTimeout(() => {
  tell({ held: [...new Set(process.getActiveResourcesInfo())] });
  process.exit(0);
}, task.heldAfterMs).unref();
