/** The conformance suite for sinks of dagstack logger. */
export type { ClaimName, OverflowClaim, OverflowStrategy, SinkClaims } from "./claims.ts";
export {
  type RegisterOptions,
  type RegisterTest,
  registerSinkConformance,
  type TestFramework,
} from "./register.ts";
export { type ConformanceReport, explainOutcome, type RuleOutcome, type Verdict } from "./report.ts";
export type { RuleLevel, RulePlace, SinkRule } from "./rule.ts";
export { SUITE_VERSION, sinkRules } from "./rules.ts";
export { type RunOptions, runRule, runSinkConformance } from "./run.ts";
export type {
  Awaitable,
  Delivered,
  DeliveredRecord,
  SinkSubject,
  SubjectEnv,
  SubjectFaults,
  SubjectInstance,
  SubjectSettings,
} from "./subject.ts";
export type { Problem } from "./verdicts.ts";
