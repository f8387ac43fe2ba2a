/** The conformance suite for sinks of dagstack logger. */

export {
  type ConformanceReport,
  explainOutcome,
  type RegisterOptions,
  type RegisterTest,
  type RuleOutcome,
  type RunOptions,
  registerSinkConformance,
  runRule,
  runSinkConformance,
  SUITE_VERSION,
  sinkRules,
  type TestFramework,
  type Verdict,
} from "./run/index.ts";
export type { Problem, RuleLevel, RulePlace, SinkRule } from "./station/index.ts";
export type {
  Awaitable,
  ClaimName,
  Delivered,
  DeliveredRecord,
  OverflowClaim,
  OverflowStrategy,
  SinkClaims,
  SinkSubject,
  SubjectEnv,
  SubjectFaults,
  SubjectInstance,
  SubjectSettings,
} from "./subject/index.ts";
