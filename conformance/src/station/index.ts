export { CaseTime, type Settled } from "./case-time.ts";
export type { FlushAnswer } from "./flush-answer.ts";
export { Lab, seededRandom } from "./lab.ts";
export { oneLine } from "./one-line.ts";
export { defineRule, type RuleLevel, type RulePlace, type SinkRule } from "./rule.ts";
export { callHook, PLENTY_MS, Station, type Underway } from "./station.ts";
export { StationContext } from "./station-context.ts";
export { bodyOf, numbersText, type Seen, sameValue, suiteRecord } from "./suite-records.ts";
export { expect, MissingHook, NoSink, NotApplicable, type Problem, RuleBroken, SubjectFault } from "./verdicts.ts";
