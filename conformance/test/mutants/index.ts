/** All broken sinks whose rules are checked in this process. */
import { emitMutants } from "./emit.ts";
import { linesMutants } from "./lines.ts";
import type { Mutant } from "./mutant.ts";
import { processMutants } from "./process.ts";
import { recordMutants } from "./record.ts";
import { redactionMutants } from "./redaction.ts";
import { shapeMutants } from "./shape.ts";

export const mutants: readonly Mutant[] = [
  ...shapeMutants,
  ...emitMutants,
  ...recordMutants,
  ...redactionMutants,
  ...linesMutants,
  ...processMutants,
];
