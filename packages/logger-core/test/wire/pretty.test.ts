import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FixtureRecord, recordFromFixture } from "../../../../conformance/fixtures/typed-values.ts";
import { testRecord } from "../../src/testing/index.ts";
import { escapeText, formatPretty } from "../../src/wire/index.ts";
import { record, text } from "./arbitraries.ts";
import { wireFixture } from "./goldens.ts";

interface PrettyCase {
  readonly name: string;
  readonly record: FixtureRecord;
  readonly text: string;
}

const { cases } = wireFixture<{ cases: readonly PrettyCase[] }>("pretty");
const STACK = "exception.stacktrace";

/** The part after the scope and body of a minimal record. */
function pairs(attributes: Readonly<Record<string, string>>): string {
  return formatPretty(testRecord({ attributes })).split(" | ")[1] ?? "";
}

describe("§1.8 pretty", () => {
  for (const { name, record, text } of cases) {
    it(`pretty.json: ${name}`, () => {
      expect(formatPretty(recordFromFixture(record))).toBe(text);
    });
  }

  it("is one physical line and those of the stack trace, whatever the record holds", () => {
    const stack = fc.array(text, { maxLength: 4 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(record, fc.option(stack), (one, trace) => {
        const { [STACK]: _dropped, ...others } = one.attributes;
        const attributes = trace === null ? others : { ...others, [STACK]: trace };
        const lines = formatPretty({ ...one, attributes }).split("\n");
        const expected = trace ? trace.replace(/\n$/, "").split("\n").length : 0;
        expect(lines).toHaveLength(1 + expected);
        for (const line of lines) expect(escapeText(line)).toBe(line);
        for (const line of lines.slice(1)) expect(line.startsWith("    ")).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("escapes what could drive a terminal in the scope name, inside structured values and in the stack trace", () => {
    const esc = "\u001b[2J";
    const one = testRecord({
      instrumentationScope: { name: `s${esc}`, version: null, attributes: {} },
      body: { [esc]: "\u2028" },
      attributes: { list: ["\u009b"], [STACK]: `Error: ${esc}\r\n    at f\r` },
    });
    expect(formatPretty(one)).toBe(
      '2023-11-14T22:13:20.000000Z [INFO] s\\u001b[2J: {"\\u001b[2J":"\\u2028"} | list=["\\u009b"]\n' +
        "    Error: \\u001b[2J\n        at f\\r",
    );
  });

  it("quotes a string that could be taken for the layout", () => {
    expect(pairs({ a: "", b: "x y", c: 'x"y', d: "x=y", e: "x\\y", f: "x\ny", g: "x\u00a0y", h: "xy|:[]{}" })).toBe(
      String.raw`a="" b="x y" c="x\"y" d="x=y" e="x\\y" f="x\ny" g="x${"\u00a0"}y" h=xy|:[]{}`,
    );
  });

  it("keeps a stack trace that is no text, or empty, among the attributes", () => {
    expect(formatPretty(testRecord({ attributes: { [STACK]: 1 } }))).toMatch(/\| exception\.stacktrace=1$/);
    expect(formatPretty(testRecord({ attributes: { [STACK]: "" } }))).toMatch(/\| exception\.stacktrace=""$/);
  });

  it("does not write a blank line for the line end of a stack trace", () => {
    expect(formatPretty(testRecord({ attributes: { [STACK]: "Error: x\r\n" } }))).toMatch(/: x\n {4}Error: x$/);
  });

  it("cuts the time to microseconds, up to the last that uint64 can say", () => {
    expect(formatPretty(testRecord({ timeUnixNano: 1_999n }))).toMatch(/^1970-01-01T00:00:00\.000001Z /);
    expect(formatPretty(testRecord({ timeUnixNano: 2n ** 64n - 1n }))).toMatch(/^2554-07-21T23:34:33\.709551Z /);
  });

  it("colours only its own text, and only when asked", () => {
    const plain = testRecord({ severityNumber: 17, severityText: "ERROR", body: "\u001b[0m" });
    expect(formatPretty(plain, { color: true })).toBe(
      "\u001b[2m2023-11-14T22:13:20.000000Z\u001b[0m \u001b[31m[ERROR]\u001b[0m test: \\u001b[0m",
    );
    expect(formatPretty(plain, { color: false })).toBe(formatPretty(plain));
    expect(formatPretty(plain)).not.toContain("\u001b");
  });

  it("has a colour of its own for each of the six ranges", () => {
    const tags = [1, 5, 9, 13, 17, 21, 4, 24].map((severityNumber) => {
      const line = formatPretty(testRecord({ severityNumber }), { color: true });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the SGR code is what is looked for
      return /\u001b\[([0-9;]+)m\[/.exec(line)?.[1];
    });
    expect(tags).toEqual(["90", "36", "32", "33", "31", "41;97", "90", "41;97"]);
  });
});
