/** The ways in which a check ends early. */

/** What a failed rule tells its reader. None of it may hold more than one line. */
export interface Problem {
  /** What the rule expects, in the case at hand. */
  readonly expected: string;
  /** What the sink did instead. */
  readonly happened: string;
  /** What usually does that. */
  readonly cause: string;
}

/** The sink breaks the rule. */
export class RuleBroken extends Error {
  override readonly name = "RuleBroken";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`expected ${problem.expected}; ${problem.happened}`);
    this.problem = problem;
  }
}

/** What `create` answered is no sink. One rule says so; the others have nothing to look at. */
export class NoSink extends RuleBroken {
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super({
      expected: "an object with id, emit, flush, close and supportsSeverity",
      happened: `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing or of the wrong type`,
      cause: "create answered something else than the sink, or the sink was written against another interface",
    });
    this.missing = missing;
  }
}

/** The subject, not the sink, keeps the rule from being checked. */
export class SubjectFault extends Error {
  override readonly name = "SubjectFault";
  /** The member of the subject that is at fault, such as `create` or `faults.stall`. */
  readonly hook: string;
  readonly what: string;

  constructor(hook: string, what: string) {
    super(`${hook} ${what}`);
    this.hook = hook;
    this.what = what;
  }
}

/** The subject has no hook for what the rule has to break. */
export class MissingHook extends Error {
  override readonly name = "MissingHook";
  readonly hook: string;

  constructor(hook: string) {
    super(`the subject has no ${hook}`);
    this.hook = hook;
  }
}

/** The rule says nothing about this sink, such as one whose destination does not show what it is about. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}

/** Breaks the rule unless it holds. */
export function expect(holds: boolean, problem: () => Problem): asserts holds {
  if (!holds) throw new RuleBroken(problem());
}
