/** All broken sinks whose rules are checked in this process. */
import { closeLateMutants, closeMutants } from "./close.ts";
import { deliverMutants } from "./deliver.ts";
import { emitMutants } from "./emit.ts";
import { failureMutants } from "./failure.ts";
import { flushMutants } from "./flush.ts";
import { flushAnswerMutants } from "./flush-answers.ts";
import { ledgerMutants } from "./ledger.ts";
import { linesMutants } from "./lines.ts";
import type { Mutant } from "./mutant.ts";
import { overflowMutants } from "./overflow.ts";
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
  ...flushMutants,
  ...flushAnswerMutants,
  ...deliverMutants,
  ...closeMutants,
  ...closeLateMutants,
  ...overflowMutants,
  ...failureMutants,
  ...ledgerMutants,
  ...processMutants,
];
