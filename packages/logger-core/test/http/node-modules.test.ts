import { afterEach, expect, test, vi } from "vitest";
import { hasNodeModules } from "../../src/http/node/index.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("Node's modules are found in Node", () => {
  expect(hasNodeModules()).toBe(true);
});

const refuses = (): never => {
  throw new Error("not allowed");
};

test.each([
  ["no process at all", undefined],
  ["a process without getBuiltinModule, as bundlers make it", { env: {} }],
  ["a runtime that knows no such module", { getBuiltinModule: () => undefined }],
  ["a runtime that refuses", { getBuiltinModule: refuses }],
  ["a runtime with empty modules in their place", { getBuiltinModule: () => ({}) }],
])("%s has none, and nothing is thrown", (_, process) => {
  vi.stubGlobal("process", process);
  expect(hasNodeModules()).toBe(false);
});
