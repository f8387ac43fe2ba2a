import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigError, clampSeverity, levelNumber, parseLevel, Severity, severityText } from "../../src/index.ts";

const fixture = JSON.parse(
  readFileSync(new URL("../../../../conformance/fixtures/severity.json", import.meta.url), "utf8"),
) as {
  primary: Record<string, number>;
  levels: { severity_number: number; severity_text: string; short_name: string }[];
  accepts: { in: string | number; out: number }[];
  rejects: (string | number)[];
  log_argument_clamp: { cases: { in: number | string; out: number }[] };
};

describe("§2: severities", () => {
  it.each(fixture.levels)("$severity_number is $severity_text", ({ severity_number, severity_text, short_name }) => {
    expect(severityText(severity_number)).toBe(severity_text);
    expect(levelNumber(short_name)).toBe(severity_number);
  });

  it("Severity holds the numbers of the methods, frozen", () => {
    expect(Severity).toStrictEqual(
      Object.fromEntries(Object.entries(fixture.primary).map(([name, n]) => [name.toUpperCase(), n])),
    );
    expect(Object.isFrozen(Severity)).toBe(true);
  });
});

describe("D-76: spellings of a level", () => {
  it.each(fixture.accepts)("accepts $in", ({ in: level, out }) => {
    expect(parseLevel(level)).toBe(out);
  });

  it.each(fixture.rejects)("refuses %j, naming path, value, what is allowed and the fix", (level) => {
    expect(() => parseLevel(level, "loggers.a")).toThrow(ConfigError);
    expect(() => parseLevel(level, "loggers.a")).toThrow(
      new RegExp(`^loggers\\.a: got ${JSON.stringify(level).replace(".", "\\.")}; allowed: TRACE.*; fix: `),
    );
  });

  it.each([[null], [undefined], [{}], [true], [Number.NaN], [9n]])("refuses %s", (level) => {
    expect(levelNumber(level)).toBeUndefined();
  });
});

describe("D-21: the argument of log() is clamped", () => {
  it.each(fixture.log_argument_clamp.cases)("$in becomes $out", ({ in: argument, out }) => {
    expect(clampSeverity(Number(argument))).toBe(out);
  });

  it.each([
    ["a string", "17"],
    ["undefined", undefined],
    ["an object", {}],
  ])("%s becomes INFO", (_, argument) => {
    expect(clampSeverity(argument)).toBe(9);
  });
});
