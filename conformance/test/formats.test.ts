import { describe, expect, test } from "vitest";
import { formatReport } from "../src/formats/format.ts";
import { jsonList } from "../src/formats/json.ts";
import { textList } from "../src/formats/text.ts";
import type { ConformanceReport, RuleOutcome, SinkRule, Verdict } from "../src/index.ts";
import { oneLine } from "../src/station/one-line.ts";
import { defineRule } from "../src/station/rule.ts";

const PROBLEM = { expected: "records 1–3", happened: "record 2 <was> not there & lost", cause: "a batch" };

function rule(id: string, parts: Partial<SinkRule> = {}): SinkRule {
  const words = { section: "§7.1", what: `What ${id} says.`, why: "Because.", fix: "Do it.", check: async () => {} };
  return defineRule({ id, ...words, ...parts });
}

function report(outcomes: readonly RuleOutcome[], parts: Partial<ConformanceReport> = {}): ConformanceReport {
  const count = (verdict: Verdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  return {
    suite: "1.0",
    subject: "@acme/sink-x",
    profile: "1.0",
    claims: ["buffered"],
    conformant: outcomes.every(({ verdict }) => !["fail", "error", "unproven"].includes(verdict)),
    counts: {
      pass: count("pass"),
      fail: count("fail"),
      advisory: count("advisory"),
      skipped: count("skipped"),
      waived: count("waived"),
      unproven: count("unproven"),
      error: count("error"),
    },
    outcomes,
    durationMs: 1234,
    ...parts,
  };
}

const EVERY = report([
  { rule: rule("AAA-01"), verdict: "pass", durationMs: 1 },
  { rule: rule("AAA-02"), verdict: "fail", problem: PROBLEM, durationMs: 2.5 },
  { rule: rule("AAA-03"), verdict: "error", reason: "create threw Error: no", durationMs: 3 },
  {
    rule: rule("BBB-01"),
    verdict: "unproven",
    reason: "claims buffered, but the subject has no faults.stall",
    durationMs: 4,
  },
  {
    rule: rule("BBB-02", { level: "should" }),
    verdict: "advisory",
    problem: PROBLEM,
    reason: "a should",
    durationMs: 5,
  },
  { rule: rule("BBB-03"), verdict: "waived", problem: PROBLEM, reason: "the server cannot", durationMs: 6 },
  { rule: rule("CCC-01"), verdict: "skipped", reason: "does not claim lineLane", durationMs: 0 },
]);
const GOOD = report([{ rule: rule("AAA-01"), verdict: "pass", durationMs: 1 }]);
/** What a subject can put in a report: an escape sequence, a line end, a bidi override, half a surrogate pair. */
const HOSTILE = 'a]]>"<b>&|`*_\u001b[31m\nnext\u202eline\ud800';

describe("the text report", () => {
  test("groups the rules, marks each, explains what did not hold, gives reasons and a last line", () => {
    expect(formatReport(EVERY, "text")).toMatchInlineSnapshot(`
      "@acme/sink-x: sink conformance 1.0
      claims: buffered

      AAA
        ✓ AAA-01      What AAA-01 says.
        ✗ AAA-02      What AAA-02 says. [fail]
        ✗ AAA-03      What AAA-03 says. [error]

      BBB
        ? BBB-01      What BBB-01 says. [unproven]
        ! BBB-02      What BBB-02 says. [advisory]
        ~ BBB-03      What BBB-03 says. [waived]

      CCC
        - CCC-01      What CCC-01 says. [skipped]

      What did not hold

        AAA-02 (must, §7.1): What AAA-02 says.
          expected: records 1–3
          happened: record 2 <was> not there & lost
          likely cause: a batch
          why it matters: Because.
          fix: Do it.

        AAA-03 (must, §7.1): What AAA-03 says.
          the subject is at fault: create threw Error: no

        BBB-01 (must, §7.1): What BBB-01 says.
          unproven: claims buffered, but the subject has no faults.stall

        BBB-02 (should, §7.1): What BBB-02 says.
          advisory: a should
          expected: records 1–3
          happened: record 2 <was> not there & lost
          likely cause: a batch
          why it matters: Because.
          fix: Do it.

        BBB-03 (must, §7.1): What BBB-03 says.
          waived: the server cannot
          expected: records 1–3
          happened: record 2 <was> not there & lost
          likely cause: a batch
          why it matters: Because.
          fix: Do it.

      Skipped, since they say nothing about this sink
        CCC-01      does not claim lineLane

      @acme/sink-x does not conform: 1 pass, 1 fail, 1 error, 1 unproven, 1 advisory, 1 waived, 1 skipped in 1.2 s
      "
    `);
  });

  test("has nothing to explain of a sink that keeps every rule", () => {
    expect(formatReport(GOOD, "text").split("\n").slice(2)).toEqual([
      "",
      "AAA",
      "  ✓ AAA-01      What AAA-01 says.",
      "",
      "@acme/sink-x conforms: 1 pass in 1.2 s",
      "",
    ]);
  });

  test("names the profile of a subject that was written for other rules", () => {
    expect(formatReport({ ...GOOD, profile: "0.9" }, "text")).toContain("sink conformance 1.0, profile 0.9");
  });

  test("holds nothing that a terminal obeys, and no line of a subject's making", () => {
    const outcome = { rule: rule("AAA-01"), verdict: "error", reason: HOSTILE, durationMs: 1 } as const;
    const text = formatReport(report([outcome], { subject: HOSTILE }), "text");
    for (const obeyed of ["\u001b", "\u202e", "\ud800"]) expect(text).not.toContain(obeyed);
    expect(text).not.toMatch(/^next/m);
    expect(text).toContain("\\u{1b}[31m next\\u{202e}line\ufffd");
  });
});

describe("the JSON report", () => {
  test("is the report as plain data, each rule without its check", () => {
    const data = JSON.parse(formatReport(EVERY, "json")) as ConformanceReport;
    const { check: _check, ...first } = rule("AAA-01");
    expect(data.outcomes[0]).toEqual({ rule: first, verdict: "pass", durationMs: 1 });
    expect(data.outcomes[1]?.problem).toEqual(PROBLEM);
    expect({ ...data, outcomes: [] }).toEqual({ ...EVERY, outcomes: [] });
  });
});

describe("the JUnit report", () => {
  test("has a suite per group, with totals, and a case per rule", () => {
    expect(formatReport(EVERY, "junit")).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="sink conformance 1.0: @acme/sink-x" tests="7" failures="1" errors="2" skipped="2" time="0.021">
        <testsuite name="AAA" tests="3" failures="1" errors="1" skipped="0" time="0.006">
          <testcase classname="@acme/sink-x.AAA" name="AAA-01 What AAA-01 says." time="0.001"/>
          <testcase classname="@acme/sink-x.AAA" name="AAA-02 What AAA-02 says." time="0.003"><failure type="fail" message="record 2 &lt;was&gt; not there &amp; lost">AAA-02 (must, §7.1): What AAA-02 says.
        expected: records 1–3
        happened: record 2 &lt;was&gt; not there &amp; lost
        likely cause: a batch
        why it matters: Because.
        fix: Do it.</failure></testcase>
          <testcase classname="@acme/sink-x.AAA" name="AAA-03 What AAA-03 says." time="0.003"><error type="error" message="create threw Error: no">AAA-03 (must, §7.1): What AAA-03 says.
        the subject is at fault: create threw Error: no</error></testcase>
        </testsuite>
        <testsuite name="BBB" tests="3" failures="0" errors="1" skipped="1" time="0.015">
          <testcase classname="@acme/sink-x.BBB" name="BBB-01 What BBB-01 says." time="0.004"><error type="unproven" message="claims buffered, but the subject has no faults.stall">BBB-01 (must, §7.1): What BBB-01 says.
        unproven: claims buffered, but the subject has no faults.stall</error></testcase>
          <testcase classname="@acme/sink-x.BBB" name="BBB-02 What BBB-02 says." time="0.005"><system-out>BBB-02 (should, §7.1): What BBB-02 says.
        advisory: a should
        expected: records 1–3
        happened: record 2 &lt;was&gt; not there &amp; lost
        likely cause: a batch
        why it matters: Because.
        fix: Do it.</system-out></testcase>
          <testcase classname="@acme/sink-x.BBB" name="BBB-03 What BBB-03 says." time="0.006"><skipped message="waived: the server cannot"/></testcase>
        </testsuite>
        <testsuite name="CCC" tests="1" failures="0" errors="0" skipped="1" time="0.000">
          <testcase classname="@acme/sink-x.CCC" name="CCC-01 What CCC-01 says." time="0.000"><skipped message="skipped: does not claim lineLane"/></testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test("is well-formed whatever a subject says", () => {
    const outcome = { rule: rule("AAA-01"), verdict: "error", reason: HOSTILE, durationMs: 1 } as const;
    const xml = formatReport(report([outcome], { subject: HOSTILE }), "junit");
    expect(xml).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
    expect(xml.replace(/&(amp|lt|gt|quot|apos);/g, "")).not.toContain("&");
    // Between tags and within the quotes of attributes no bare < is left: every one opens a tag that we write.
    const tags = /<(\?xml|\/?testsuites?|\/?testcase|\/?error)(?=[\s/>])/g;
    expect(xml.replace(tags, "")).not.toContain("<");
  });
});

describe("the Markdown certificate", () => {
  test("has a verdict line, the claims, counts by group, and every rule that did not simply pass", () => {
    expect(formatReport(EVERY, "markdown")).toMatchInlineSnapshot(`
      "**@acme/sink-x** does **not** conform to the sink contract: 1 pass, 1 fail, 1 error, 1 unproven, 1 advisory, 1 waived, 1 skipped ([\`@dagstack/sink-conformance\`](https://www.npmjs.com/package/@dagstack/sink-conformance), rules 1.0).

      Claims: \`buffered\`.

      | rules | kept | fail | error | unproven | advisory | waived | skipped |
      |---|---|---|---|---|---|---|---|
      | AAA | 1 | 1 | 1 |  |  |  |  |
      | BBB |  |  |  | 1 | 1 | 1 |  |
      | CCC |  |  |  |  |  |  | 1 |

      Broken:

      - AAA-02 (must): What AAA-02 says. — record 2 \\<was\\> not there &amp; lost

      Not checked, through a fault of the subject:

      - AAA-03 (must): What AAA-03 says. — create threw Error: no

      Claimed but not proven:

      - BBB-01 (must): What BBB-01 says. — claims buffered, but the subject has no faults.stall

      Advice not followed:

      - BBB-02 (should): What BBB-02 says. — a should

      Waived:

      - BBB-03 (must): What BBB-03 says. — the server cannot

      Skipped:

      - CCC-01: does not claim lineLane
      "
    `);
  });

  test("is the same for every run that finds the same: no duration, no measured time, no date", () => {
    const measured = (happened: string, durationMs: number): ConformanceReport =>
      report([{ ...(EVERY.outcomes[4] as RuleOutcome), problem: { ...PROBLEM, happened }, durationMs }], {
        durationMs,
      });
    expect(formatReport(measured("it took 7 ms", 7), "markdown")).toBe(
      formatReport(measured("it took 9 ms", 9), "markdown"),
    );
  });

  test("has a date when one is given", () => {
    expect(formatReport(GOOD, "markdown", { date: "2026-05-01" })).toContain("rules 1.0, on 2026-05-01)");
  });

  test("names the rules that were skipped for one reason in one line", () => {
    const skipped = ["AAA-01", "AAA-02", "BBB-01"].map(
      (id): RuleOutcome => ({
        rule: rule(id),
        verdict: "skipped",
        reason: id === "AAA-02" ? "has no flushSync" : "no hook",
        durationMs: 0,
      }),
    );
    expect(formatReport(report(skipped), "markdown")).toContain(
      "Skipped:\n\n- AAA-01, BBB-01: no hook\n- AAA-02: has no flushSync\n",
    );
  });

  test("says what was left unclaimed, and for which rules the subject was written", () => {
    const text = formatReport({ ...GOOD, claims: [], profile: "0.9" }, "markdown");
    expect(text).toContain("Claims: none.");
    expect(text).toContain("rules 1.0, profile 0.9)");
  });

  test("keeps what a subject says from being Markdown or HTML", () => {
    const outcome = { rule: rule("AAA-01"), verdict: "skipped", reason: HOSTILE, durationMs: 1 } as const;
    const text = formatReport(report([outcome], { subject: "*x* <script> | `y` & z" }), "markdown");
    expect(text).toContain("**\\*x\\* \\<script\\> \\| \\`y\\` &amp; z**");
    expect(text).toContain('- AAA-01: a\\]\\]\\>"\\<b\\>&amp;\\|\\`\\*\\_\\\\u{1b}\\[31m next\\\\u{202e}line\ufffd\n');
  });
});

describe("lists of rules", () => {
  const rules = [rule("AAA-01"), rule("BBB-10", { level: "should" })];

  test("as text: id, level, what", () => {
    expect(textList(rules)).toBe("AAA-01      must    What AAA-01 says.\nBBB-10      should  What BBB-10 says.\n");
  });

  test("as JSON: everything but the checks", () => {
    expect(JSON.parse(jsonList(rules))).toEqual(rules.map(({ check: _check, ...data }) => data));
  });
});

test("one line: line ends become spaces, the rest stays readable", () => {
  expect(oneLine("  a\r\n\t b – ü 🙂 ")).toBe("a b – ü 🙂");
});
