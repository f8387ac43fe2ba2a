import { expect, it } from "vitest";
import { processRegistry } from "../src/registry/index.ts";

it("what copies of the package share is a frozen object that names its version and is not enumerated", () => {
  const key = Symbol.for("dagstack.logger.registry.v1");
  const registry = processRegistry();
  const shared = (globalThis as { [key]?: unknown })[key];
  expect(shared).toEqual({ version: 1, registry });
  expect(Object.isFrozen(shared)).toBe(true);
  expect(Object.getOwnPropertyDescriptor(globalThis, key)?.enumerable).toBe(false);
});
