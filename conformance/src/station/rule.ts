/** The form of a rule: what it demands, why, how to fix a failure, and the check itself. */
import type { ClaimName, SubjectFaults } from "../subject/index.ts";
import type { Lab } from "./lab.ts";

/** `must`: a sink that breaks it does not conform. `should`: breaking it is reported, as advice. */
export type RuleLevel = "must" | "should";

/** Where a check runs: beside the caller, or in a process of its own. */
export type RulePlace = "here" | "child";

/** One rule. Ids are permanent: a rule that goes leaves its id unused. */
export interface SinkRule {
  /** Such as `FLUSH-02`. */
  readonly id: string;
  readonly level: RuleLevel;
  /** Where the contract says so. */
  readonly section: string;
  /** The version of the suite that brought it. */
  readonly since: string;
  /** One sentence: what the sink does. */
  readonly what: string;
  /** One sentence: what goes wrong otherwise. */
  readonly why: string;
  /** How to repair a sink that breaks it. */
  readonly fix: string;
  /** Skipped unless the sink claims all of these. */
  readonly claims: readonly ClaimName[];
  /** What the check breaks. Without such a hook the rule is skipped, or unproven where a claim rests on it. */
  readonly hooks: readonly (keyof SubjectFaults)[];
  readonly place: RulePlace;
  /** Throws `RuleBroken` when the sink breaks the rule. */
  check(lab: Lab): Promise<void>;
}

/** The parts of a rule that have defaults. */
type Optional = "level" | "since" | "claims" | "hooks" | "place";

/** A rule with its defaults: must, since 1.0, no claims, no hooks, checked here. */
export function defineRule(rule: Omit<SinkRule, Optional> & Partial<Pick<SinkRule, Optional>>): SinkRule {
  return Object.freeze({ level: "must", since: "1.0", claims: [], hooks: [], place: "here", ...rule });
}
