import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { markdownPrograms } from "../checks/markdown-programs.mjs";

const fenced = (flags, ...lines) => [`\`\`\`${flags}`, ...lines, "```", ""].join("\n");

test("a block is a program, with the line of its fence", () => {
  const { programs } = markdownPrograms(`# Title\n\n${fenced("ts", "one();")}`);
  deepEqual(programs, [{ line: 3, code: "one();\n", run: true }]);
});

test("no-run is compiled only; a sketch is counted and left out", () => {
  const { programs, sketches } = markdownPrograms(fenced("ts no-run", "one();") + fenced("ts sketch", "…"));
  deepEqual([programs.map(({ run }) => run), sketches], [[false], 1]);
});

test("continued goes on with the program before it", () => {
  const { programs } = markdownPrograms(fenced("ts", "one();") + fenced("ts continued", "two();"));
  deepEqual(
    programs.map(({ code }) => code),
    ["one();\ntwo();\n"],
  );
});

test("lines in a comment right before a block belong to the program", () => {
  const { programs } = markdownPrograms(`<!-- before:\nzero();\n-->\n${fenced("ts", "one();")}`);
  deepEqual(programs, [{ line: 4, code: "zero();\none();\n", run: true }]);
});

test("other languages are no programs", () => {
  deepEqual(markdownPrograms(fenced("sh", "npm test") + fenced("json", "{}") + fenced("tsx", "x")).programs, []);
});

test("an unknown flag and a continuation of nothing are problems", () => {
  deepEqual(markdownPrograms(fenced("ts norun", "one();")).problems, ["line 1: unknown flag norun"]);
  deepEqual(markdownPrograms(fenced("ts continued", "one();")).problems, ["line 1: continues nothing"]);
});
