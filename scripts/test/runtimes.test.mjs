import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { startOtlpCounter } from "../runtimes/otlp-counter.mjs";
import { FIRST_LOG, OTLP_RECORDS, points, RESULT_MARK } from "../runtimes/programs/points.mjs";
import { readPoints } from "../runtimes/results.mjs";
import { cellsIn, tables } from "../runtimes/table.mjs";
import { judged } from "../runtimes/verdict.mjs";

const held = { first: null, child: null, redaction: null, error: null, capture: null, otlp: null };
const printed = (results, before = FIRST_LOG) => ({ output: `${before}\n${RESULT_MARK}${JSON.stringify(results)}\n` });

test("results are read from what a program printed", () => {
  deepEqual(readPoints(printed(held), OTLP_RECORDS), held);
});

test("a program that printed no results has no point", () => {
  const results = readPoints({ output: "SyntaxError: Cannot use import statement" }, 0);
  equal(
    Object.values(results).every((result) => result.includes("SyntaxError")),
    true,
  );
});

for (const [what, before] of [
  ["not at all", "nothing"],
  ["twice", `${FIRST_LOG} ${FIRST_LOG}`],
]) {
  test(`a first log that was printed ${what} is none`, () => {
    equal(typeof readPoints(printed(held, before), OTLP_RECORDS).first, "string");
  });
}

test("records that did not reach the receiver are missed, however content the program was", () => {
  equal(readPoints(printed(held), OTLP_RECORDS - 1).otlp, `99 of ${OTLP_RECORDS} received`);
});

test("a point fails when it does not hold, and when only LogTape has it", () => {
  deepEqual(judged({ dagstack: { ...held, child: "lost" }, logtape: held }).problems, ["child: lost"]);
  const absent = { ...held, capture: { absent: "no function" } };
  deepEqual(judged({ dagstack: absent, logtape: held }).problems, ["capture: LogTape has it, we do not"]);
  deepEqual(judged({ dagstack: absent, logtape: absent }).problems, []);
  deepEqual(judged({ dagstack: held, logtape: { ...held, otlp: "lost" } }).problems, []);
});

/** A library that does everything. */
const good = () => ({
  first() {},
  async collect(use) {
    const records = [];
    const log = (bound) => ({
      child: (attributes) => log({ ...bound, ...attributes }),
      info: (body, attributes) => records.push({ body, attributes: masked({ ...bound, ...attributes }) }),
      caught: ({ name, message, stack }) => records.push({ body: message, attributes: { name, stack } }),
    });
    await use(log({}));
    return records;
  },
  async capture(use) {
    const bodies = [];
    await use({ info: (body) => bodies.push(body) });
    return bodies;
  },
  async otlp() {},
});

function masked(attributes) {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, /_key|_token/.test(key) ? "*" : value]),
  );
}

test("every point holds for a library that does everything", async () => {
  deepEqual(await points(good(), { otlpUrl: "http://receiver.example" }), held);
});

for (const [point, broken] of [
  ["first", { first: () => Promise.reject(new Error("no console")) }],
  ["child", { collect: async () => [{ body: "placed", attributes: {} }] }],
  ["redaction", { collect: async () => [{ body: "in", attributes: { api_key: "never-to-be-seen" } }] }],
  ["error", { collect: async () => [{ body: "out of stock", attributes: {} }] }],
  ["capture", { capture: async () => ["captured"] }],
  ["otlp", { otlp: () => Promise.reject(new Error("refused")) }],
]) {
  test(`${point} fails for a library that breaks it`, async () => {
    const results = await points({ ...good(), ...broken }, { otlpUrl: "http://receiver.example" });
    equal(typeof results[point], "string");
  });
}

test("the receiver counts the records of each sender", async () => {
  const counter = await startOtlpCounter();
  try {
    const cell = counter.for("deno:all");
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{}, {}] }] }] });
    await fetch(`${cell.url("dagstack")}/v1/logs`, { method: "POST", body });
    deepEqual([cell.received("dagstack"), cell.received("logtape")], [2, 0]);
  } finally {
    await counter.close();
  }
});

test("the table has a row for every cell, and says what holds, what does not and what was not run", () => {
  const cells = [
    { name: "deno:all", title: "Deno" },
    { name: "bun", title: "Bun" },
  ];
  const latest = {
    "deno:all": {
      results: { first: null, otlp: { absent: "no network" } },
      logtape: { first: null, otlp: "30 of 100" },
    },
  };
  const text = tables([{ title: "Runtimes", cells }], latest);
  deepEqual(cellsIn(text), ["deno:all", "bun"]);
  equal(text.includes("| Deno <!-- deno:all --> | ✓ | – | OTLP |"), true, text);
  equal(text.includes("| Bun <!-- bun --> | not run |"), true, text);
});

test("a group that was never run has its rows all the same", () => {
  deepEqual(cellsIn(tables([{ title: "Types", cells: [{ name: "types:7.0", title: "TypeScript 7.0" }] }], {})), [
    "types:7.0",
  ]);
});
