/** Outcomes and rules by group: what an id begins with. */
import type { ConformanceReport, RuleOutcome, Verdict } from "../run/index.ts";

/** The verdicts in the order in which reports name them. */
export const VERDICTS: readonly Verdict[] = ["pass", "fail", "error", "unproven", "advisory", "waived", "skipped"];

/** `FLUSH` of `FLUSH-02`. */
export function groupOf(id: string): string {
  return id.slice(0, id.lastIndexOf("-"));
}

/** The outcomes of each group, in the order of the rules. */
export function byGroup(outcomes: readonly RuleOutcome[]): ReadonlyMap<string, readonly RuleOutcome[]> {
  const groups = new Map<string, RuleOutcome[]>();
  for (const outcome of outcomes) {
    const group = groupOf(outcome.rule.id);
    const list = groups.get(group);
    if (list === undefined) groups.set(group, [outcome]);
    else list.push(outcome);
  }
  return groups;
}

/** Such as `40 pass, 1 fail, 3 skipped`: the verdicts that occurred. */
export function countsText(counts: ConformanceReport["counts"]): string {
  const texts = VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${verdict}`);
  return texts.length === 0 ? "no rule" : texts.join(", ");
}
