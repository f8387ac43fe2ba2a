import type { SinkSubject } from "../../src/subject/subject.ts";

/** A sink with one bug, which one rule finds and no other. */
export interface Mutant {
  /** The rule that it breaks, by id. */
  readonly breaks: string;
  /** The bug in one line, as real libraries shipped it. */
  readonly bug: string;
  readonly subject: SinkSubject;
}
