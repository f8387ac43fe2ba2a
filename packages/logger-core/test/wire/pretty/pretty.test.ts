import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FixtureRecord, recordFromFixture } from "../../../../../conformance/fixtures/typed-values.ts";
import type { LogRecord } from "../../../src/record/index.ts";
import { testRecord } from "../../../src/testing/index.ts";
import type { Attributes } from "../../../src/value/index.ts";
import { escapeText, formatPretty, type PrettyOptions } from "../../../src/wire/index.ts";
import { displayWidth } from "../../../src/wire/pretty/display-width.ts";
import { record, text, value } from "../arbitraries.ts";
import { wireFixture } from "../goldens.ts";

interface PrettyCase {
  readonly name: string;
  readonly options?: PrettyOptions;
  readonly record: FixtureRecord;
  readonly lines: readonly string[];
}

const { cases } = wireFixture<{ cases: readonly PrettyCase[] }>("pretty");

function utcOffsetMinutes(): number {
  return 0;
}

function linesOf(one: LogRecord, options?: PrettyOptions): string[] {
  return formatPretty(one, { utcOffsetMinutes, ...options }).split("\n");
}

function linesWith(attributes: Attributes, options?: PrettyOptions): string[] {
  return linesOf(testRecord({ attributes }), options);
}

describe("§1.8, D-89 pretty", () => {
  for (const { name, options, record: one, lines } of cases) {
    it(`pretty.json: ${name}`, () => {
      expect(linesOf(recordFromFixture(one), options)).toEqual(lines);
    });
  }

  it("local time comes from the system's zone unless an offset is given", () => {
    const one = testRecord();
    const local = new Date(Number(one.timeUnixNano / 1_000_000n));
    const hours = String(local.getHours()).padStart(2, "0");
    expect(formatPretty(one).slice(0, 2)).toBe(hours);
    expect(formatPretty(one, { utcOffsetMinutes: () => 330 }).slice(0, 12)).toBe("03:43:20.000");
    expect(formatPretty(one, { utcOffsetMinutes: () => 330, date: true }).slice(0, 23)).toBe("2023-11-15 03:43:20.000");
  });

  it("cuts the time to milliseconds, up to the last that uint64 can say", () => {
    expect(linesOf(testRecord({ timeUnixNano: 1_999_999n }))[0]).toMatch(/^00:00:00\.001 /);
    expect(linesOf(testRecord({ timeUnixNano: 2n ** 64n - 1n }), { date: true })[0]).toMatch(
      /^2554-07-21 23:34:33\.709 /,
    );
  });

  it("levels are as wide as each other, their numbers as in OpenTelemetry's short names", () => {
    const levels = [1, 5, 9, 13, 17, 21, 4, 12].map((severityNumber) => {
      return linesOf(testRecord({ severityNumber }))[0]?.slice(13, 19);
    });
    expect(levels).toEqual(["TRACE ", "DEBUG ", "INFO  ", "WARN  ", "ERROR ", "FATAL ", "TRACE4", "INFO4 "]);
  });

  it("names the path of one's own call even where it does not fit on the line", () => {
    const place = `/srv/${"folder/".repeat(12)}file.ts:42:11`;
    const stacktrace = `Error: x\n    at doSomething (${place})`;
    const lines = linesWith({ err: { type: "Error", message: "x", stacktrace } }, { width: 60 });
    expect(lines.slice(2).join("").replaceAll(" ", "")).toBe(`atdoSomething${place}`);
  });

  it("a stack trace that says another message than the error shows both", () => {
    const stacktrace = "Error: first\n    at f (a.ts:1:1)";
    expect(linesWith({ err: { type: "Error", message: "second", stacktrace } }).slice(1)).toEqual([
      "    err: Error: second",
      "      │ Error: first",
      "      at f (a.ts:1:1)",
    ]);
  });

  it("the call that threw is shown even if a library's, and of many calls the first twenty", () => {
    const frames = Array.from({ length: 30 }, (_, at) => `    at own${at} (/a.ts:${at}:1)`);
    const stack = ["Error: x", "    at inner (/srv/node_modules/lib/x.js:1:1)", ...frames].join("\n");
    const lines = linesWith({ "exception.type": "Error", "exception.message": "x", "exception.stacktrace": stack });
    expect(lines[1]).toBe("      at inner (/srv/node_modules/lib/x.js:1:1)");
    expect(lines).toHaveLength(1 + 20 + 1);
    expect(lines.at(-1)).toBe('      … 11 more calls; mode "json" has it all');
  });

  it("exception attributes of other types are attributes like others", () => {
    expect(linesWith({ "exception.stacktrace": 1 })[0]).toMatch(/ exception\.stacktrace=1$/);
    expect(linesWith({ "exception.type": 1, "exception.stacktrace": "Error: x" })).toEqual([
      "22:13:20.000 INFO  test  x  exception.type=1",
      "      │ Error: x",
    ]);
  });

  it("an error that others are below is told whole: members above ten are counted", () => {
    const error = { type: "Error", message: "m", stacktrace: "" };
    const lines = linesWith({ err: { ...error, errors: Array.from({ length: 12 }, () => error) } });
    expect(lines).toHaveLength(1 + 1 + 10 + 1);
    expect(lines.at(-1)).toBe('      … 2 more errors; mode "json" has it all');
  });

  it("causes and members that are no errors are properties", () => {
    const error = { type: "Error", message: "m", stacktrace: "", cause: "why", errors: [1] };
    expect(linesWith({ err: error })).toEqual([
      "22:13:20.000 INFO  test  x",
      "    err: Error: m",
      "      cause=why errors=[1]",
    ]);
  });

  it("200 kB of text, of items and of entries take a few lines and say how much is missing", () => {
    const long = "x".repeat(200_000);
    const items = Array.from({ length: 10_000 }, (_, index) => index);
    const entries = Object.fromEntries(items.map((index) => [`key${index}`, { index, text: "y".repeat(200) }]));
    for (const attributes of [
      { long },
      { items },
      { entries },
      { list: items.map((index) => ({ index, long: "z".repeat(150) })) },
    ]) {
      for (const width of [60, undefined]) {
        const lines = linesWith(attributes as unknown as Attributes, { width });
        expect(lines.length).toBeLessThan(60);
        expect(lines.at(-1)).toMatch(/^ +… [\d,]+ more (characters|items|entries); mode "json" has it all$/);
      }
    }
    expect(linesOf(testRecord({ body: long }), { width: 80 }).at(-1)).toMatch(/… 199,\d{3} more characters/);
  });

  it("a record of many attributes ends with a hint, too", () => {
    const attributes = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`some.key.${index}`, "value"]));
    const lines = linesWith(attributes, { width: 80 });
    expect(lines).toHaveLength(121);
    expect(lines.at(-1)).toMatch(/^ {4}… [\d,]+ more lines/);
  });
});

const error = fc
  .record({
    type: text,
    message: text,
    stack: fc.array(
      fc.oneof(
        text,
        text.map((at) => `    at f (${at})`),
      ),
      { maxLength: 4 },
    ),
  })
  .map(({ type, message, stack }) => ({ type, message, stacktrace: stack.join("\n") }));
const anyRecord = fc
  .tuple(record, fc.option(error), fc.option(error), fc.array(error, { maxLength: 3 }), value)
  .map(([one, thrown, nested, causes, body]): LogRecord => {
    const exception = thrown === null ? {} : exceptionOf(thrown, causes);
    const attributes = {
      ...one.attributes,
      ...exception,
      ...(nested === null ? {} : { err: { ...nested, errors: causes } }),
    };
    return { ...one, body: thrown === null ? body : one.body, attributes };
  });

function exceptionOf(
  thrown: { type: string; message: string; stacktrace: string },
  causes: readonly Attributes[],
): Attributes {
  return {
    "exception.type": thrown.type,
    "exception.message": thrown.message,
    "exception.stacktrace": thrown.stacktrace,
    "dagstack.exception.causes": causes,
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
const SGR = /\u001b\[[0-9;]+m/g;

describe("§1.8 nothing of a record drives a terminal or looks like another record", () => {
  it("one paragraph: the first line at the margin, all others indented, nothing raw, whatever the record holds", () => {
    fc.assert(
      fc.property(anyRecord, fc.option(fc.integer({ min: 40, max: 200 }), { nil: undefined }), (one, width) => {
        const lines = linesOf(one, { width });
        expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} [A-Z]{4,5}[234]? {1,2}/);
        for (const line of lines) expect(escapeText(line)).toBe(line);
        for (const line of lines.slice(1)) expect(line.startsWith("    ")).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("no line but the first is wider than the terminal, from 60 columns up", () => {
    fc.assert(
      fc.property(anyRecord, fc.integer({ min: 60, max: 200 }), (one, width) => {
        const [head = "", ...lines] = linesOf(one, { width });
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        const { name } = one.instrumentationScope;
        if (displayWidth(escapeText(name)) < 20) expect(displayWidth(head)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 2_000 },
    );
  });

  it("colours change nothing but colours", () => {
    fc.assert(
      fc.property(anyRecord, fc.integer({ min: 60, max: 200 }), (one, width) => {
        const plain = formatPretty(one, { width });
        expect(formatPretty(one, { width, color: true }).replace(SGR, "")).toBe(plain);
        expect(plain).not.toMatch(SGR);
      }),
      { numRuns: 500 },
    );
  });

  it("each of the six ranges has a colour of its own, and no colour is white, black or bright", () => {
    const codes = [1, 5, 9, 13, 17, 21, 4, 24].map((severityNumber) => {
      const line = formatPretty(testRecord({ severityNumber }), { color: true });
      return line.match(SGR)?.[2];
    });
    expect(new Set(codes.slice(0, 6)).size).toBe(6);
    expect(codes.slice(6)).toEqual([codes[0], codes[5]]);
    expect(codes.join()).not.toMatch(/[;[](30|37|9\d|40|47|10\d)[;m]/);
  });
});
