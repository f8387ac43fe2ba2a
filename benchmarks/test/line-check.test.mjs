import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bound, mask, message, resource, scope, secretAttributes, threeAttributes } from "../src/fields.mjs";
import { faultsOf, leaves, readLines } from "../src/line-check.mjs";
import { workloads } from "../src/workloads.mjs";

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "line-check-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function linesOf(content) {
  const path = join(folder, "lines");
  writeFileSync(path, content);
  return readLines(path);
}

test("lines and bytes are counted, and the last line is the one before the last newline", () => {
  expect(linesOf("one\ntwo\nthree\n")).toEqual({ lines: 3, bytes: 14, last: "three" });
});

test("a last line that lies across two reads comes whole", () => {
  const last = "x".repeat(600_000);
  expect(linesOf(`${"y".repeat(900_000)}\n${last}\n`)).toEqual({ lines: 2, bytes: 1_500_002, last });
});

test("a file with one line, and an empty one", () => {
  expect(linesOf("only\n").last).toBe("only");
  expect(linesOf("")).toEqual({ lines: 0, bytes: 0, last: "" });
});

test("leaves are the scalars of maps and lists at any depth", () => {
  expect(leaves({ a: 1, b: { c: [true, { d: null }] } })).toEqual([1, true, null]);
});

const line = { message, resource, scope, ...threeAttributes(7) };

test("a line that holds every field is right, however they are arranged", () => {
  expect(faultsOf(JSON.stringify(line), workloads.W2, 7)).toEqual([]);
});

test("a field that a peer leaves out is found", () => {
  const { "http.route": _, ...rest } = line;
  expect(faultsOf(JSON.stringify(rest), workloads.W2, 7)).toEqual(['the last line lacks "/api/v1/orders/7/payments"']);
});

test.each(["message", "resource", "scope"])("a line without %s is found", (part) => {
  const { [part]: _, ...rest } = line;
  expect(faultsOf(JSON.stringify(rest), workloads.W2, 7)).not.toEqual([]);
});

test("the line of another record is found", () => {
  expect(faultsOf(JSON.stringify(line), workloads.W2, 6)).not.toEqual([]);
});

test("when lines were lost, the last one only has to parse: it may be of any record", () => {
  expect(faultsOf("{}", workloads.W2, undefined)).toEqual([]);
  expect(faultsOf("{", workloads.W2, undefined)).toHaveLength(1);
});

test("half a line is found", () => {
  expect(faultsOf('{"message":', workloads.W2, 7)[0]).toContain("does not parse");
});

test("a secret that is shown is found, and a masked one is right", () => {
  const attributes = secretAttributes(3);
  const masked = { ...attributes, db_password: mask, order: { ...attributes.order, card_token: mask } };
  const common = { message, resource, scope, bound };
  expect(faultsOf(JSON.stringify({ ...common, masked }), workloads.W4, 3)).toEqual([]);
  const shown = { ...masked, db_password: attributes.db_password };
  expect(faultsOf(JSON.stringify({ ...common, shown }), workloads.W4, 3)).toEqual([
    `the last line shows the secret ${attributes.db_password}`,
  ]);
});
