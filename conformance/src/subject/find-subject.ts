/** Finds the subject that a module exports: for the command line, and again in the processes that rules start. */
import { describeError } from "@dagstack/logger-core";
import type { SinkSubject } from "./subject.ts";

/** A module without a subject to run, told in one message. */
export class NoSubject extends Error {
  override readonly name = "NoSubject";
}

/** How long a module may take to load. */
const LOAD_TIMEOUT_MS = 30_000;

/** The exports of a module that are subjects, by the names under which they are exported. */
export type FoundSubjects = ReadonlyMap<string, SinkSubject>;

/** Loads a module. @throws NoSubject when it cannot be loaded, or does not end loading. */
export async function loadSubjects(moduleUrl: string): Promise<FoundSubjects> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new NoSubject(`${moduleUrl} did not finish loading within ${LOAD_TIMEOUT_MS} ms`)),
      LOAD_TIMEOUT_MS,
    );
  });
  try {
    return subjectsIn((await Promise.race([import(moduleUrl), late])) as Record<string, unknown>);
  } catch (error) {
    if (error instanceof NoSubject) throw error;
    throw new NoSubject(`${moduleUrl} cannot be loaded: ${whyNotLoaded(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** The one subject, or the one of that export. @throws NoSubject naming what there is. */
export function chooseSubject(found: FoundSubjects, exportName: string | undefined): SinkSubject {
  const names = [...found.keys()].join(", ");
  if (exportName !== undefined) {
    const subject = found.get(exportName);
    if (subject !== undefined) return subject;
    throw new NoSubject(`no subject is exported as ${exportName}; there ${names === "" ? "is none" : `are: ${names}`}`);
  }
  const [subject, ...others] = new Set(found.values());
  if (subject === undefined) throw new NoSubject("no subject is exported: an object with a name and a function create");
  if (others.length > 0) throw new NoSubject(`several subjects are exported: choose one with --export: ${names}`);
  return subject;
}

function subjectsIn(exported: Record<string, unknown>): FoundSubjects {
  return new Map(Object.entries(exported).filter((entry): entry is [string, SinkSubject] => isSubject(entry[1])));
}

function isSubject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { name, create } = value as Partial<SinkSubject>;
  return typeof name === "string" && typeof create === "function";
}

function whyNotLoaded(error: unknown): string {
  const { type, message } = describeError(error);
  if (type === "ERR_UNKNOWN_FILE_EXTENSION") {
    return `${message}. This Node cannot load it: compile it first, or set NODE_OPTIONS to what loads it`;
  }
  // Node tells the place of a slip of the pen to nobody but its own report.
  const place = error instanceof SyntaxError ? " (run it with node to see where)" : "";
  return `${type}: ${message}${place}`;
}
