/** All rules, in the order in which they run. */
import { closeRules } from "./cases/close.ts";
import { closeLateRules } from "./cases/close-late.ts";
import { deliverRules } from "./cases/deliver.ts";
import { emitRules } from "./cases/emit.ts";
import { failureRules } from "./cases/failure.ts";
import { flushRules } from "./cases/flush.ts";
import { flushAnswerRules } from "./cases/flush-answers.ts";
import { hostileRules } from "./cases/hostile.ts";
import { ledgerRules } from "./cases/ledger.ts";
import { lineRules } from "./cases/lines.ts";
import { overflowRules } from "./cases/overflow.ts";
import { processRules } from "./cases/process.ts";
import { recordRules } from "./cases/record.ts";
import { redactionRules } from "./cases/redaction.ts";
import { shapeRules } from "./cases/shape.ts";
import type { SinkRule } from "./rule.ts";

/** The version of the rules. Its major is that of the contract; a minor adds rules. */
export const SUITE_VERSION = "1.0";

/** Every rule of the suite. */
export const sinkRules: readonly SinkRule[] = Object.freeze([
  ...shapeRules,
  ...byId([...emitRules, ...recordRules, ...hostileRules]),
  ...redactionRules,
  ...lineRules,
  ...byId([...flushRules, ...flushAnswerRules]),
  ...deliverRules,
  ...byId([...closeRules, ...closeLateRules]),
  ...overflowRules,
  ...failureRules,
  ...ledgerRules,
  ...processRules,
]);

/** The rules of one group that stand in several files. */
function byId(rules: readonly SinkRule[]): SinkRule[] {
  return rules.toSorted((left, right) => (left.id < right.id ? -1 : 1));
}
