/** All rules, in the order in which they run. */
import { flushRules } from "./cases/flush.ts";
import { processRules } from "./cases/process.ts";
import { shapeRules } from "./cases/shape.ts";
import type { SinkRule } from "./rule.ts";

/** The version of the rules. Its major is that of the contract; a minor adds rules. */
export const SUITE_VERSION = "1.0";

/** Every rule of the suite. */
export const sinkRules: readonly SinkRule[] = Object.freeze([...shapeRules, ...flushRules, ...processRules]);
