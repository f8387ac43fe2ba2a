/** All rules, in the order in which they run. */
import {
  closeLateRules,
  closeRules,
  deliverRules,
  emitRules,
  failureRules,
  flushAnswerRules,
  flushRules,
  hostileRules,
  ledgerRules,
  lineRules,
  overflowRules,
  processRules,
  recordRules,
  redactionRules,
  shapeRules,
} from "../cases/index.ts";
import type { SinkRule } from "../station/index.ts";

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
