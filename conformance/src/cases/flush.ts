/** What flush promises (§7.1, D-52, D-53). */
import { defineRule, type SinkRule } from "../rule.ts";
import { numbersText } from "../suite-records.ts";
import { expect } from "../verdicts.ts";

export const flushRules: readonly SinkRule[] = [
  defineRule({
    id: "FLUSH-01",
    section: "§7.1",
    what: "When flush says success, every record accepted before it is at the destination.",
    why: "Programs flush before they answer a request, deploy or exit, and believe the answer.",
    fix: "Resolve when the last record accepted before the call has settled, not when the queue was handed over.",
    async check(lab) {
      const station = await lab.open();
      const emitted = station.emit(10);
      const answer = await station.flush();
      const arrived = await station.deliveredNumbers();
      const missing = emitted.filter((n) => !arrived.includes(n));
      expect(!answer.success || missing.length === 0, () => ({
        expected: "records 1–10 at the destination once flush said success",
        happened: `records ${numbersText(missing)} were not there`,
        cause: "flush resolves when it has started a delivery, or leaves out a batch that is not full or under way",
      }));
    },
  }),
];
