/** What passes between the suite and the processes that it starts: a task one way, an answer, in a file, the other. */

/** What a process plays. Each is one rule's, or half of one's. */
export type Scenario = "idle" | "closed" | "broken" | "stalled" | "write" | "read";

/** What a process is told to do. */
export interface ChildTask {
  readonly scenario: Scenario;
  /** The URL of the subject's module, and the name of the subject in it. */
  readonly module: string;
  readonly subject: string;
  /** Whether to make the sink with `createAlone`. */
  readonly alone: boolean;
  /** Whether to dispose of the instance at the end. */
  readonly dispose: boolean;
  /** The folder of the instance. */
  readonly folder: string;
  readonly seed: number;
  /** When a process that has played and not ended counts as kept alive, in milliseconds. */
  readonly heldAfterMs: number;
  readonly answerFile: string;
}

/** What a process found. It writes the whole of it whenever there is more to tell, since it may end at any time. */
export interface ChildAnswer {
  /** The subject's fault, with the member that is at fault. */
  fault?: { readonly hook: string; readonly what: string };
  /** The fault hook that is missing. */
  missingHook?: string;
  /** The members that are missing of what is no sink. */
  missingMembers?: readonly string[];
  /** Set when the scenario has been played to its end. */
  played?: boolean;
  /** What keeps the process alive, in Node's words. */
  held?: readonly string[];
  /** What escaped to the process, and while what was going on. */
  escaped?: readonly string[];
  emitted?: number;
  grownBytes?: number;
  flushed?: boolean;
  /** The numbers of the records at the destination. */
  delivered?: readonly number[];
}

/** Set in the environment of the processes that the suite starts. */
const CHILD_MARK = "SINK_CONFORMANCE_CHILD";

/** The environment of such a process: it knows what it is, and its temporary files go away with the rule's. */
export function childEnvironment(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, [CHILD_MARK]: "1", TMPDIR: folder, TEMP: folder, TMP: folder };
}

/**
 * Keeps a subject's module that runs the suite when it is loaded from doing so in the processes that the suite starts,
 * which would start more of them.
 *
 * @throws Error in such a process.
 */
export function refuseInChild(): void {
  if (process.env[CHILD_MARK] === undefined) return;
  throw new Error("the module of the subject runs the suite when it is loaded: give the subject a module of its own");
}
