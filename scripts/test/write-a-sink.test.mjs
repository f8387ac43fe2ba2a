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

const example = (file) => readFileSync(join(root, "examples", "write-a-loki-sink", file), "utf8");

test("the Loki sink in docs/write-a-sink.md is the one of the example", () => {
  equal(shownBlock("export class LokiSink"), `ts\n${example("src/loki-sink.ts")}`);
});

test("and so is the subject that proves it", () => {
  equal(shownBlock('name: "LokiSink"'), `js sketch\n${example("conformance/subject.js")}`);
});
