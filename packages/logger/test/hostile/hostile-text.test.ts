import { parseDagstackJsonl } from "@dagstack/logger-core/wire";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Logger } from "../../src/index.ts";
import { BATCH, CASES, linesOf, throughAllSinks } from "./hostile-rig.ts";

/** First and last, written out and not taken from the code. */
const UNSAFE_RANGES = [
  [0x0000, 0x001f], // C0
  [0x007f, 0x009f], // DEL, C1
  [0x061c, 0x061c], // bidirectional controls, this and those below
  [0x200e, 0x200f],
  [0x2028, 0x2029], // line and paragraph separator
  [0x202a, 0x202e],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff], // byte order mark
] as const;
const characterOf = (ranges: typeof UNSAFE_RANGES | readonly (typeof UNSAFE_RANGES)[0][]): RegExp =>
  new RegExp(
    `[${ranges.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join("")}]`,
    "u",
  );
const UNSAFE = characterOf(UNSAFE_RANGES);
const C0 = characterOf([UNSAFE_RANGES[0]]);
const ESC = "\u001b";
/** A pretty record begins like this and nothing that data says can. */
const HEAD = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z]{4,5} {1,2}/;
/** What the sink itself puts around pieces of text. */
const OWN_COLORS = new RegExp(`${ESC}\\[[0-9;]{1,6}m([^${ESC}]*)${ESC}\\[0m`, "g");

const fragment = fc.oneof(
  fc.constantFrom(
    "\n2026-01-01 00:00:00.000 INFO  root  forged",
    '\r\n{"severity_number":21,"body":"forged"}\n',
    "\u001b[2J\u001b[H",
    "\u001b]0;title\u0007",
    "\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\",
    "\u009b31m",
    "\u0090q\u009c",
    "\u202eesrever\u202c",
    "\u2066isolate\u2069",
    "\u061c\u200e\u200f",
    "\u2028",
    "\u2029",
    "\u0085",
    "\u000b\u000c",
    "\b\b\b\b",
    "\r",
    "\n    ",
    "\u0000",
    "\u007f",
    "\ufeff",
    "\ud800",
    "\udc00",
    "\u{e0001}",
    "\\u001b[0m",
    '"',
    " | k=v",
    "=",
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
);
const hostileText = fc.array(fragment, { maxLength: 6 }).map((parts) => parts.join(""));

/** Everywhere text can come from: name, version, body, key, value, nested, and all parts of an error. */
function logEverywhere(text: string): void {
  const log = Logger.get(text, text, { [text]: text });
  log.info(text, { [text]: text, nested: { [text]: [text] } });
  log.error({ [text]: text }, { "exception.stacktrace": text });
  const error = new Error(text, { cause: Object.assign(new TypeError(text), { code: text }) });
  error.name = text;
  error.stack = `${text}\n    at ${text} (${text}:1:1)\r\n    at end`;
  log.exception(error, { [text]: error });
}

const RECORDS = 3;

it(`design §8 row 13, §1.8: ${CASES} hostile strings in each place make one line at the margin per record, nothing raw`, {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostileText, { minLength: BATCH, maxLength: BATCH, size: "max" }), async (texts) => {
      const outputs = await throughAllSinks(() => texts.forEach(logEverywhere));
      expect(outputs.closed).toMatchObject({ success: true, droppedCount: 0 });
      expectRecords(linesOf(outputs.pretty), texts.length * RECORDS);
      const colored = linesOf(outputs.colored);
      // Its own colours aside, which begin and end around each piece.
      const unpainted = colored.map((line) => line.replace(OWN_COLORS, "$1"));
      expectRecords(unpainted, texts.length * RECORDS);
      expect(unpainted).toEqual(linesOf(outputs.pretty));
      for (const text of [outputs.json, outputs.file, outputs.terminalJson]) {
        const lines = linesOf(text);
        expect(lines).toHaveLength(texts.length * RECORDS);
        for (const line of lines) parseDagstackJsonl(line);
        expect(lines.find((line) => C0.test(line))).toBeUndefined();
      }
      expect(linesOf(outputs.terminalJson).find((line) => UNSAFE.test(line))).toBeUndefined();
      // Escaped for the terminal or not, it is the same value.
      expect(linesOf(outputs.terminalJson).map(jsonOf)).toEqual(linesOf(outputs.json).map(jsonOf));
    }),
    { numRuns: CASES / BATCH, endOnFailure: process.env.DAGSTACK_LONG === "1" },
  );
});

/** A line as JSON, without the time at which its sink took it in. */
function jsonOf(line: string): unknown {
  return JSON.parse(line.replace(/"observed_time_unix_nano":\d+,/, ""));
}

/** Lines are records, or what stands below the first line of one: indented by four at least. */
function expectRecords(lines: readonly string[], count: number): void {
  expect(lines.find((line) => UNSAFE.test(line))).toBeUndefined();
  const heads = lines.filter((line) => !line.startsWith("    "));
  expect(heads.find((line) => !HEAD.test(line))).toBeUndefined();
  expect(heads).toHaveLength(count);
}

it.each([
  ["a line that looks like a record", "\n2026-01-01 00:00:00.000 INFO  root  forged"],
  ["a carriage return", "\rforged"],
  ["a line separator", "\u2028forged"],
])("§1.8: in a stack trace, which may have lines, %s stays indented", async (_, text) => {
  const error = new Error("x");
  error.stack = `Error: x${text}\n    at here`;
  const { pretty } = await throughAllSinks(() => Logger.get("a").exception(error));
  const [head = "", ...below] = linesOf(pretty);
  expect(head).toMatch(HEAD);
  expect(below.length).toBeGreaterThanOrEqual(2);
  expect(below.filter((line) => !line.startsWith("    ") || UNSAFE.test(line))).toEqual([]);
});
