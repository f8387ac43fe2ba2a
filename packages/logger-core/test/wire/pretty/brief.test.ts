import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testRecord } from "../../../src/testing/index.ts";
import { escapeText } from "../../../src/wire/index.ts";
import { formatPretty } from "../../../src/wire/pretty/brief.ts";
import { record, text } from "../arbitraries.ts";

const options = { utcOffsetMinutes: () => 0 };

describe("§1.8 pretty, in brief for browsers and edge runtimes", () => {
  it("has everything on one line, text bare where nothing else could be meant, and the stack below", () => {
    const attributes = {
      n: 1,
      text: "a b",
      list: [1, { b: null }],
      bare: "x:y",
      "exception.message": "m",
      "exception.stacktrace": "Error: m\n    at f (a.ts:1:1)\n",
    };
    expect(formatPretty(testRecord({ severityNumber: 18, attributes }), options)).toBe(
      '22:13:20.000 ERROR2 test  x  n=1 text="a b" list=[1,{"b":null}] bare=x:y exception.message=m\n' +
        "    Error: m\n        at f (a.ts:1:1)",
    );
    expect(formatPretty(testRecord({ body: { a: 1 } }), options)).toBe('22:13:20.000 INFO  test  {"a":1}');
  });

  it("one paragraph: the first line at the margin, all others indented, nothing raw, whatever the record holds", () => {
    fc.assert(
      fc.property(record, fc.option(text), (one, stack) => {
        const attributes = stack === null ? one.attributes : { ...one.attributes, "exception.stacktrace": stack };
        const [head, ...lines] = formatPretty({ ...one, attributes }, options).split("\n");
        expect(head).toMatch(/^\d\d:\d\d:\d\d\.\d{3} [A-Z]{4,5}[234]? {1,2}/);
        for (const line of [head as string, ...lines]) expect(escapeText(line)).toBe(line);
        for (const line of lines) expect(line.startsWith("    ")).toBe(true);
      }),
      {
        numRuns: 1_000,
        examples: [
          [testRecord({ body: "", instrumentationScope: { name: "\ufeff", version: null, attributes: {} } }), null],
        ],
      },
    );
  });
});
