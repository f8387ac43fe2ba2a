import type { LogRecord } from "@dagstack/logger-core";
import { expect, test } from "vitest";
import { type RuleOutcome, runRule, type SinkSubject, sinkRules } from "../src/index.ts";
import { directSubject, lineSubject, textSubject } from "./reference/direct-subjects.ts";

async function outcomeOf(subject: SinkSubject, id: string): Promise<RuleOutcome> {
  const rule = sinkRules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return runRule(subject, rule);
}

test("LINE-01: a line lane that the subject does not claim is the subject's fault, since no rule would look at it", async () => {
  const { verdict, reason } = await outcomeOf({ ...lineSubject(), claims: { threshold: true } }, "LINE-01");
  expect(verdict).toBe("error");
  expect(reason).toMatch(/^claims\.lineLane is missing/);
});

test.each(["EMIT-07", "EMIT-08", "EMIT-10", "EMIT-14", "REDACT-01"])(
  "%s says nothing, with the reason, about a destination that shows texts only",
  async (id) => {
    const { verdict, reason } = await outcomeOf(textSubject(), id);
    expect(verdict).toBe("skipped");
    expect(reason).toMatch(/^the destination does not show (observed times|severities|attributes)$/);
  },
);

test("EMIT-11: a sink that cannot tell of losses must let its flush fail", async () => {
  const losing = (answer: unknown): SinkSubject => ({
    name: "a sink without attach that leaves large records out",
    time: "manual",
    create() {
      const records: LogRecord[] = [];
      const sink = {
        id: "losing",
        supportsSeverity: () => true,
        emit: (record: LogRecord) => void (String(record.body).length < 10_000 && records.push(record)),
        flush: async () => answer,
        close: async () => {},
      };
      return { sink, delivered: () => records };
    },
  });
  expect((await outcomeOf(losing(undefined), "EMIT-11")).verdict).toBe("fail");
  expect((await outcomeOf(losing({ ok: false }), "EMIT-11")).verdict).toBe("pass");
});

test("EMIT-12 and EMIT-13: a sink that reports each re-entry once does not recurse", async () => {
  const subject: SinkSubject = {
    ...directSubject(),
    async create(env) {
      const instance = await directSubject().create(env);
      const { emit } = instance.sink as { emit(record: LogRecord): void };
      let depth = 0;
      let reported = false;
      const sink = Object.assign(instance.sink as object, {
        emit(record: LogRecord): void {
          depth += 1;
          if (depth === 1) reported = false;
          else if (!reported) {
            reported = true;
            env.context.onError(new Error("a record from within emit"), "reentrant_emit");
          }
          emit.call(instance.sink, record);
          depth -= 1;
        },
      });
      return { ...instance, sink };
    },
  };
  expect((await outcomeOf(subject, "EMIT-12")).verdict).toBe("pass");
  expect((await outcomeOf(subject, "EMIT-13")).verdict).toBe("pass");
});
