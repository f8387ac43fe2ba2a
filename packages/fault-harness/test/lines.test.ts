import { describe, expect, it } from "vitest";
import { bodiesIn, jsonLines, recordsIn } from "../src/lines.mjs";

const lines = (...bodies: unknown[]): string => bodies.map((body) => `${JSON.stringify({ body })}\n`).join("");

describe("recordsIn", () => {
  it("counts records in order, with gaps", () => {
    expect(recordsIn("", 3)).toBe(0);
    expect(recordsIn(lines(0, 1, 2), 3)).toBe(3);
    expect(recordsIn(lines(0, 2), 3)).toBe(2);
  });

  it("takes an empty line for nothing", () => {
    expect(recordsIn(`\n${lines(0)}\n\n${lines(1)}\n`, 3)).toBe(2);
  });

  it.each([
    ["one twice", lines(0, 1, 1)],
    ["the wrong order", lines(1, 0)],
    ["one too many", lines(0, 1, 2, 3)],
    ["a body that is no number", lines(0, "1")],
    ["no line end", lines(0, 1).trimEnd()],
    ["a torn line", `${lines(0)}{"bo\n${lines(2)}`],
    ["two in a line", lines(0, 1).replace("\n", "")],
  ])("answers -1 to %s", (_what, text) => {
    expect(recordsIn(text, 3)).toBe(-1);
  });
});

describe("bodiesIn", () => {
  it("has undefined for each line that is torn, the last one too", () => {
    expect(bodiesIn(`${lines("a")}{"bo\n${lines("b")}{"body`)).toEqual(["a", undefined, "b", undefined]);
  });
});

describe("jsonLines", () => {
  it("finds objects among other text", () => {
    expect(jsonLines('a stack\n{"a":1}\n{ source }\n{"b":2}')).toEqual([{ a: 1 }, { b: 2 }]);
  });
});
