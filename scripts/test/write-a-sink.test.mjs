import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../workspace.mjs";

test("the Loki sink in docs/write-a-sink.md is the one of the example", () => {
  const page = readFileSync(join(root, "docs", "write-a-sink.md"), "utf8");
  const example = readFileSync(join(root, "examples", "write-a-loki-sink", "src", "loki-sink.ts"), "utf8");
  const shown = page.split("```").filter((part) => part.includes("export class LokiSink"));
  equal(shown.length, 1);
  equal(shown[0], `ts\n${example}`);
});
