/** The books: what a sink tells adds up, and is true (§7.1, §12). */

import { atRest, missing } from "../probes/index.ts";
import { defineRule, expect, type SinkRule } from "../station/index.ts";

const REASONS: readonly string[] = ["buffer_overflow", "sink_error", "filtered", "closed", "scope_ended"];
const OUTAGE_MS = 200;

export const ledgerRules: readonly SinkRule[] = [
  defineRule({
    id: "LEDGER-01",
    section: "§7.1, §12",
    hooks: ["fail", "reject", "recover"],
    what: "At rest, every record accepted is at the destination or was told lost, and no record is both.",
    why: "The ledger of the logger shows what is pending, lost and delivered: it must add up to be believed.",
    fix: "Settle each record in one place, once: delivered when the destination has it, lost when it is given up.",
    async check(lab) {
      const station = await lab.open();
      if (!station.attached) lab.notApplicable("the sink has no attach, and so cannot tell of losses");
      const hook = station.hasFault("reject") && !station.hasFault("fail") ? "reject" : "fail";
      station.emit(6);
      await station.fault(hook);
      station.emit(6);
      await station.flush(OUTAGE_MS);
      await station.fault("recover");
      station.emit(6);
      await atRest(station);
      const { accepted, lost } = station;
      const arrived = (await station.deliveredNumbers()).length;
      expect(arrived + lost === accepted, () => ({
        expected: `delivered and lost to add up to the ${accepted} records accepted`,
        happened: `${arrived} were at the destination, ${lost} told lost`,
        cause:
          arrived + lost > accepted
            ? "a failed attempt counts its records as lost and then tries again, or two places count the same loss"
            : "records are lost on the way without being counted",
      }));
    },
  }),
  defineRule({
    id: "LEDGER-02",
    section: "§12",
    what: "Records told delivered, if the sink tells that at all, are those at the destination.",
    why: "The metrics of the logger show them: a pipeline that delivers nothing must not look healthy.",
    fix: "Call onDelivered when the destination has answered, with the number that it took, once.",
    async check(lab) {
      const station = await lab.open();
      const emitted = station.emit(6);
      if (station.hasFault("reject")) {
        await atRest(station);
        await station.fault("reject");
        emitted.push(...station.emit(6));
      }
      await atRest(station);
      const { context, time } = station;
      if (!context.tellsDeliveries) lab.notApplicable("the sink does not tell what it has delivered");
      const arrived = emitted.length - (await missing(station, emitted)).length;
      await time.until(() => context.delivered >= arrived, time.graceMs);
      expect(context.delivered === arrived, () => ({
        expected: `${arrived} records told delivered: as many were at the destination, of ${emitted.length} emitted`,
        happened: `${context.delivered} were`,
        cause: "a batch counts as delivered when it is handed over, whatever the answer, or each attempt counts",
      }));
    },
  }),
  defineRule({
    id: "LEDGER-03",
    section: "§12, D-60",
    what: "What a sink tells is well-formed: whole numbers above zero, and reasons that the contract has.",
    why: "The reasons are labels of a public metric, and a wrong number cannot be corrected later.",
    fix: "Call onDrop and onDelivered with the number of records, only when there are any.",
    async check(lab) {
      const probe = await lab.open();
      const stations = [probe];
      for (const hook of ["stall", "fail", "reject"] as const) {
        if (!probe.hasFault(hook)) continue;
        const station = await lab.open();
        await station.fault(hook);
        stations.push(station);
      }
      for (const station of stations) {
        await station.flush(100);
        station.emit(6);
        await station.flush(100);
        await station.close(100);
        station.emit(2);
        const wrong = station.context.settlements.find(
          ({ count, reason }) => !isCount(count) || (reason !== undefined && !REASONS.includes(reason)),
        );
        expect(wrong === undefined, () => ({
          expected: `counts from 1, and one of the reasons ${REASONS.join(", ")}`,
          happened: `the sink told ${String(wrong?.count)} records ${wrong?.reason === undefined ? "delivered" : `lost as ${JSON.stringify(wrong.reason)}`}`,
          cause: "an empty batch is counted, a count is not computed, or the sink has reasons of its own",
        }));
      }
    },
  }),
];

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
