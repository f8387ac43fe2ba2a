import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../workspace.mjs";

const page = readFileSync(join(root, "docs", "write-a-sink.md"), "utf8");

function shownBlock(sign) {
  const shown = page.split("```").filter((part) => part.includes(sign));
  equal(shown.length, 1);
  return shown[0];
}

const example = (file, name = "write-a-loki-sink") => readFileSync(join(root, "examples", name, file), "utf8");

test("the Loki sink in docs/write-a-sink.md is the one of the example", () => {
  equal(shownBlock("export class LokiSink"), `ts\n${example("src/loki-sink.ts")}`);
});

test("the HTTP sink of that page is the one of its example, in under 40 lines", () => {
  const code = example("src/acme-sink.ts", "write-an-http-sink");
  equal(shownBlock("export class AcmeSink"), `ts\n${code}`);
  equal(code.split("\n").length - 1 < 40, true);
});

test("and so is the subject that proves it", () => {
  equal(shownBlock('name: "LokiSink"'), `js sketch\n${example("conformance/subject.js")}`);
});
