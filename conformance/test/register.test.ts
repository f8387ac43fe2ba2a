import * as nodeTest from "node:test";
import { ConfigError } from "@dagstack/logger-core";
import * as vitest from "vitest";
import { expect, test } from "vitest";
import { type RegisterOptions, type RegisterTest, registerSinkConformance, type TestFramework } from "../src/index.ts";
import type { SinkSubject } from "../src/subject/subject.ts";
import { queueSubject } from "./reference/subjects.ts";

/** What a framework was given. */
interface Registered {
  readonly title: string;
  readonly body: (...context: unknown[]) => Promise<void>;
  readonly timeoutMs?: number | undefined;
}

/** Keeps what is registered, in place of a framework. */
function recorder() {
  const suites: string[] = [];
  const tests: Registered[] = [];
  const skipped: string[] = [];
  const it = (title: string, body: () => Promise<void>, timeoutMs?: number) => tests.push({ title, body, timeoutMs });
  const skip = (title: string) => skipped.push(title);
  const describe = (title: string, body: () => void) => {
    suites.push(title);
    body();
  };
  return {
    suites,
    tests,
    skipped,
    framework: { describe, it: Object.assign(it.bind(null), { skip }) },
    plain: { describe, it },
  };
}

function register(subject: SinkSubject, options: RegisterOptions = {}) {
  const recorded = recorder();
  registerSinkConformance(subject, recorded.framework, options);
  return recorded;
}

function testOf(tests: readonly Registered[], id: string): Registered["body"] {
  const found = tests.find(({ title }) => title.startsWith(id));
  if (found === undefined) throw new Error(`no test for ${id}`);
  return found.body;
}

const unclaimed: SinkSubject = { ...queueSubject(), claims: {} };
/** The reference queue sink with other members. */
function withSink(name: string, members: object): SinkSubject {
  const subject = queueSubject(name);
  return {
    ...subject,
    async create(env) {
      const instance = await subject.create(env);
      Object.assign(instance.sink as object, members);
      return instance;
    },
  };
}

const broken = withSink("broken", { supportsSeverity: () => 1 });
const waived: SinkSubject = { ...broken, waivers: { "SHAPE-03": "counts in C" } };

test("vitest's and node:test's functions fit the type", () => {
  vitest.expectTypeOf(vitest).toExtend<TestFramework>();
  vitest.expectTypeOf(nodeTest).toExtend<TestFramework>();
  vitest.expectTypeOf<JestIt>().toExtend<RegisterTest>();
  vitest.expectTypeOf<MochaIt>().toExtend<RegisterTest>();
});

/** As in @types/jest and @types/mocha. */
interface JestIt {
  (name: string, fn?: (() => Promise<unknown>) | ((done: () => void) => undefined), timeout?: number): void;
  skip: JestIt;
}
interface MochaIt {
  (title: string, fn?: (this: object, done: () => void) => void): object;
  (title: string, fn?: (this: object) => PromiseLike<unknown>): object;
  skip(title: string, fn?: (this: object) => PromiseLike<unknown>): object;
}

test("one test for each rule, named by its id and what it demands, with time enough to explain", () => {
  const { suites, tests } = register(queueSubject(), { rules: ["SHAPE-03"], ruleTimeoutMs: 5000 });
  expect(suites).toEqual(["reference queue sink: sink conformance 1.0"]);
  expect(tests.map(({ title }) => title.slice(0, 25))).toEqual([
    "SHAPE-01 A sink has a non",
    "SHAPE-03 supportsSeverity",
  ]);
  expect(tests.every(({ title }) => !title.endsWith("."))).toBe(true);
  expect(tests.every(({ timeoutMs }) => timeoutMs === 35_000)).toBe(true);
});

test("no test has a parameter that jest or mocha would take for done, or vitest for fixtures", () => {
  const { tests } = register(queueSubject());
  expect(tests.filter(({ body }) => body.length > 0)).toEqual([]);
  expect(tests.filter(({ body }) => !/^async function\s*\(\s*\)/.test(String(body)))).toEqual([]);
});

test("a broken rule rejects with the explanation, and without a stack of the suite", async () => {
  const { tests } = register(broken, { rules: ["SHAPE-03"] });
  const failure: Error = await testOf(tests, "SHAPE-03")().then(
    () => expect.unreachable(),
    (error) => error,
  );
  expect(failure.name).toBe("ConformanceFailure");
  expect(failure.message).toMatch(
    /^SHAPE-03 \(must.*\n {2}expected: .*\n {2}happened: it answered 1, then 1\n {2}likely cause: /,
  );
  expect(failure.stack).toBe(`ConformanceFailure: ${failure.message}`);
});

test("a rule without its claim is registered as skipped, with the reason", () => {
  const { tests, skipped } = register(unclaimed);
  expect(skipped.length).toBeGreaterThan(0);
  expect(skipped.filter((title) => !/^[A-Z]+-\d\d .* \(skipped: does not claim \w+(, \w+)*\)$/.test(title))).toEqual(
    [],
  );
  expect(tests.some(({ title }) => skipped.some((other) => other.startsWith(title)))).toBe(false);
});

test("a framework without it.skip skips when the test runs", async () => {
  const { skipped, tests, plain } = recorder();
  registerSinkConformance(unclaimed, plain, { rules: ["SHAPE-04"] });
  expect(skipped).toEqual([]);
  const reasons: string[] = [];
  await testOf(tests, "SHAPE-04")({ skip: (reason: string) => void reasons.push(reason) });
  expect(reasons).toEqual(["skipped: does not claim buffered"]);
});

test("advice is a passing test and one line", async () => {
  const lines: string[] = [];
  const mute = withSink("mute", { attach: undefined });
  const { tests } = register(mute, { rules: ["SHAPE-04"], warn: (line) => void lines.push(line) });
  await testOf(tests, "SHAPE-04")({ skip: () => expect.unreachable() });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^mute: SHAPE-04 .*: advice, not kept \(a should\): expected .*; .+$/);
});

test("a waived rule is skipped with its reason, by the context that comes as an argument", async () => {
  const { tests } = register(waived, { rules: ["SHAPE-03"] });
  const reasons: string[] = [];
  await testOf(tests, "SHAPE-03")({ skip: (reason: string) => void reasons.push(reason) });
  expect(reasons).toEqual(["waived: counts in C"]);
});

test("mocha's context comes as this: it gets its time, and the reason goes into the title", async () => {
  const { tests } = register(waived, { rules: ["SHAPE-03"], ruleTimeoutMs: 1000 });
  const pending = new Error("pending");
  const times: number[] = [];
  const context = {
    test: { title: "SHAPE-03" },
    timeout: (ms: number) => void times.push(ms),
    skip() {
      throw pending;
    },
  };
  await expect(testOf(tests, "SHAPE-03").call(context)).rejects.toBe(pending);
  expect(context.test.title).toBe("SHAPE-03 (waived: counts in C)");
  expect(times).toEqual([31_000]);
});

test("a framework that cannot skip gets a passing test and a line", async () => {
  const lines: string[] = [];
  const { tests } = register(waived, { rules: ["SHAPE-03"], warn: (line) => void lines.push(line) });
  await testOf(tests, "SHAPE-03")();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^broken: SHAPE-03 .*: waived: counts in C$/);
});

test("mistakes are ConfigErrors when the tests are registered", () => {
  const { framework } = recorder();
  const attempts: [() => void, RegExp][] = [
    [() => registerSinkConformance({} as SinkSubject, framework), /name.*\n?.*create/s],
    [() => registerSinkConformance(queueSubject(), framework, { rules: ["NO-99"] }), /NO-99/],
    [() => registerSinkConformance(queueSubject(), framework, { seeds: 1 } as RegisterOptions), /seeds/],
    [() => registerSinkConformance(queueSubject(), {} as TestFramework), /describe.*it/s],
    [() => registerSinkConformance(queueSubject(), undefined as unknown as TestFramework), /describe/],
  ];
  for (const [attempt, message] of attempts) {
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(message);
  }
});
