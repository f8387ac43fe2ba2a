import type { Sink } from "@dagstack/logger-core";
import { expect } from "../station/index.ts";
import { errorText } from "./error-text.ts";

/** What the sink answers to `supportsSeverity`, whatever that is. Breaks the rule when it throws. */
export function askSeverity(sink: Sink, severityNumber: number): unknown {
  let thrown: unknown;
  try {
    return sink.supportsSeverity(severityNumber);
  } catch (error) {
    thrown = error;
  }
  expect(false, () => ({
    expected: `supportsSeverity(${severityNumber}) to answer`,
    happened: `it threw ${errorText(thrown)}`,
    cause: "the method uses what attach or the first record would have brought, or was taken from another object",
  }));
}
