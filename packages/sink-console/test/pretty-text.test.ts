import { testRecord } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";
import { ConsoleSink, type ConsoleSinkOptions, type ConsoleSinkSeams } from "../src/index.ts";

function scope(name: string) {
  return { name, version: null, attributes: {} };
}

/** A terminal whose width can change, and the lines that it got. */
function terminal(columns?: number, options: ConsoleSinkOptions = {}, seams: ConsoleSinkSeams = {}) {
  const stream = {
    text: "",
    isTTY: true,
    columns,
    write(chunk: string): void {
      stream.text += chunk;
    },
  };
  const sink = new ConsoleSink({ color: "never", stream, ...options } as ConsoleSinkOptions, {
    process: {},
    utcOffsetMinutes: () => 0,
    ...seams,
  });
  const linesOf = (...records: Parameters<typeof testRecord>): string[] => {
    stream.text = "";
    for (const parts of records) sink.emit(testRecord(parts));
    sink.flushSync();
    return stream.text.trimEnd().split("\n");
  };
  return { stream, linesOf };
}

const long = { body: "word ".repeat(40).trim() };

describe("ConsoleSink: pretty text fits where it is shown", () => {
  it("lines are as wide as the terminal is at that moment", () => {
    const { stream, linesOf } = terminal(60);
    const widest = (): number => Math.max(...linesOf(long).map((line) => line.length));
    expect(widest()).toBeLessThanOrEqual(60);
    stream.columns = 120;
    expect(widest()).toBeGreaterThan(100);
    expect(widest()).toBeLessThanOrEqual(120);
  });

  it.each([undefined, 0, Number.NaN])("a terminal of %s columns is taken for one of 80", (columns) => {
    const widths = terminal(columns)
      .linesOf(long)
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
    expect(Math.max(...widths)).toBeGreaterThan(70);
  });

  it("what is no terminal gets the date, and nothing is wrapped", () => {
    const lines: string[] = [];
    const sink = new ConsoleSink(
      { mode: "pretty", stream: { write: (chunk: string) => void lines.push(chunk) } },
      { process: {}, utcOffsetMinutes: () => 120 },
    );
    sink.emit(testRecord(long));
    sink.flushSync();
    expect(lines.join("")).toBe(`2023-11-15 00:13:20.000 INFO  test          ${long.body}\n`);
  });

  it("messages begin below each other, as far as the longest name up to now, unless one is very long", () => {
    const { linesOf } = terminal(100);
    const columns = (...names: string[]): (number | undefined)[] =>
      linesOf(...(names.map((name) => ({ instrumentationScope: scope(name) })) as Parameters<typeof testRecord>)).map(
        (line) => line.indexOf(" x"),
      );
    const [a, b] = [columns("a")[0], columns("shop.checkout")[0]] as [number, number];
    expect(a).toBe(19 + 12 + 1);
    expect(b).toBe(19 + 13 + 1);
    expect(columns("a")).toEqual([b]);
    expect(columns("a.name.of.more.than.twenty")).toEqual([19 + 26 + 1]);
    expect(columns("a")).toEqual([b]);
  });

  it("a narrow terminal gives names less room", () => {
    const { linesOf } = terminal(60);
    linesOf({ instrumentationScope: scope("shop.checkout") });
    expect(linesOf({ instrumentationScope: scope("a") })[0]?.indexOf(" x")).toBe(19 + 12 + 1);
  });

  it("paths in stack traces are told from the working folder; one that cannot be read changes nothing", () => {
    const attributes = {
      "exception.type": "Error",
      "exception.message": "m",
      "exception.stacktrace": "Error: m\n    at f (/srv/shop/a.ts:1:1)",
    };
    expect(
      terminal(80, {}, { process: { cwd: () => "/srv/shop" } })
        .linesOf({ attributes })
        .at(-1),
    ).toMatch(/at f \(a\.ts:1:1\)$/);
    const denied = (): never => {
      throw new Error("no permission");
    };
    expect(
      terminal(80, {}, { process: { cwd: denied } })
        .linesOf({ attributes })
        .at(-1),
    ).toMatch(/\(\/srv\/shop\/a\.ts:1:1\)$/);
  });
});
