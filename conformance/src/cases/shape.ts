/** What a sink is: its members, its id, the severities it takes, its context (§7.1). */

import { askSeverity, atRest, errorText } from "../probes/index.ts";
import { defineRule, expect, numbersText, type SinkRule } from "../station/index.ts";

const SEVERITIES: readonly number[] = Array.from({ length: 24 }, (_, index) => index + 1);
const USER_INFO = /:\/\/[^/?#\s]*@/;
const QUERY = /:\/\/[^\s?]*\?/;

export const shapeRules: readonly SinkRule[] = [
  defineRule({
    id: "SHAPE-01",
    section: "§7.1",
    what: "A sink has a non-empty id and the methods emit, flush, close and supportsSeverity.",
    why: "The logger calls these; without one of them it refuses the sink when it is configured.",
    fix: "Add the members that are named, with the signatures of the interface Sink.",
    async check(lab) {
      await lab.open(); // breaks the rule unless there is a sink
    },
  }),
  defineRule({
    id: "SHAPE-02",
    section: "§7.1, D-50",
    what: "The id stays the same from before attach until after close, and holds no user info or query of a URL.",
    why: "The id labels metrics, diagnostics and flush results: it tells sinks apart, and whoever reads them reads it.",
    fix: "Make the id once, in the constructor; of a URL keep scheme, host, port and path only.",
    async check(lab) {
      const station = await lab.open({}, { attach: false });
      const { sink } = station;
      const first = sink.id;
      const same = (when: string): void =>
        expect(sink.id === first, () => ({
          expected: `the id "${first}" ${when} too`,
          happened: `it was "${String(sink.id)}"`,
          cause: "id is a getter that makes a new text at each call, or puts the sink's state into it",
        }));
      same("when it is read again");
      station.attach();
      same("after attach");
      station.emit(3);
      await station.flush();
      same("after flush");
      await station.close();
      same("after close");
      for (const [pattern, what] of [[USER_INFO, "user info"] as const, [QUERY, "a query"] as const]) {
        expect(!pattern.test(first), () => ({
          expected: "an id without credentials",
          happened: `the URL in it has ${what}`, // the id is not repeated: reports are public
          cause: "the endpoint goes into the id as it was configured",
        }));
      }
    },
  }),
  defineRule({
    id: "SHAPE-03",
    section: "§7.1",
    what: "supportsSeverity answers true or false for each severity, the same each time, and does nothing else.",
    why: "The logger asks before each record, takes the answer at its word and counts nothing when it is no.",
    fix: "Compare the number with the sink's threshold and return the result; do nothing else.",
    async check(lab) {
      const { sink, context, time } = await lab.open(lab.claims.threshold === true ? { minSeverity: 9 } : {});
      const timersBefore = time.pendingTimers;
      for (const severity of SEVERITIES) {
        const answers = [askSeverity(sink, severity), askSeverity(sink, severity)];
        expect(typeof answers[0] === "boolean" && answers[0] === answers[1], () => ({
          expected: `the same true or false twice for severity ${severity}`,
          happened: `it answered ${answers.map(String).join(", then ")}`,
          cause: "the method returns nothing, is async, or depends on something else than the number",
        }));
      }
      const told = context.drops.length + context.errors.length + context.diagnostics.length + context.delivered;
      expect(told === 0 && time.pendingTimers === timersBefore, () => ({
        expected: "no side effect of asking",
        happened: `${told} losses, deliveries and failures were told, ${(time.pendingTimers ?? 0) - (timersBefore ?? 0)} timers set`,
        cause: "the method counts what it refuses, or prepares for what it lets through",
      }));
    },
  }),
  defineRule({
    id: "SHAPE-04",
    level: "should",
    section: "§7.1",
    claims: ["buffered"],
    what: "A sink that delivers after emit has returned has attach.",
    why: "What it loses then, it can tell only through the context; without one the logger counts it as delivered.",
    fix: "Add attach(context), keep the context and call onDrop for each record that is lost.",
    async check(lab) {
      const { sink } = await lab.open();
      expect(typeof sink.attach === "function", () => ({
        expected: "the method attach",
        happened: "there is none",
        cause: "the sink was written for a logger that does not count losses",
      }));
    },
  }),
  defineRule({
    id: "SHAPE-05",
    section: "§7.1",
    what: "Without attach the sink works: it takes records in, delivers them and closes.",
    why: "Everything in the context is optional to use, and tests and scripts use sinks without a logger.",
    fix: "Begin with a context that does nothing, or ask for each of its members before calling it.",
    async check(lab) {
      const station = await lab.open({}, { attach: false });
      const emitted = station.emit(3);
      expect(station.thrown.length === 0, () => ({
        expected: "emit to take records in",
        happened: `it threw ${errorText(station.thrown[0])}`,
        cause: "emit uses the context before there is one",
      }));
      const arrived = (await atRest(station)).map(({ n }) => n);
      const missing = emitted.filter((n) => !arrived.includes(n));
      expect(missing.length === 0, () => ({
        expected: `records ${numbersText(emitted)} at the destination after flush`,
        happened: `records ${numbersText(missing)} were not there`,
        cause: "the sink starts its worker or opens its destination in attach",
      }));
      const closed = await station.close();
      expect(closed.kind !== "rejected", () => ({
        expected: "close to resolve",
        happened: `it rejected with ${errorText(closed.kind === "rejected" ? closed.error : undefined)}`,
        cause: "close uses the context that attach would have brought",
      }));
    },
  }),
  defineRule({
    id: "SHAPE-06",
    section: "§7.1",
    what: "attach does not throw.",
    why: "The logger goes on without: nothing that the sink loses is counted from then on.",
    fix: "Only keep the context in attach; report what goes wrong with context.onError, when it does.",
    async check(lab) {
      const station = await lab.open({}, { attach: false });
      if (typeof station.sink.attach !== "function") lab.notApplicable("the sink has no attach");
      const error = station.attach();
      expect(error === undefined, () => ({
        expected: "attach to return",
        happened: `it threw ${errorText(error)}`,
        cause: "attach opens or registers something that can fail",
      }));
    },
  }),
];
