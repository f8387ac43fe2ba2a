export { type RegisterOptions, type RegisterTest, registerSinkConformance, type TestFramework } from "./register.ts";
export { type ConformanceReport, explainOutcome, type RuleOutcome, type Verdict } from "./report.ts";
export { SUITE_VERSION, sinkRules } from "./rules.ts";
export { type RunOptions, runRule, runSinkConformance, selectRules } from "./run.ts";
