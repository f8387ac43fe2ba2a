import { afterEach, expect, test, vi } from "vitest";
import { processWide } from "../../src/sink/index.ts";

const KEY = Symbol.for("dagstack.logger.a-test");

afterEach(() => {
  Reflect.deleteProperty(globalThis, KEY);
});

test("the first who asks makes the value, everybody gets it", () => {
  const make = vi.fn(() => ({ count: 0 }));
  const first = processWide("a-test", make);
  expect(processWide("a-test", make)).toBe(first);
  expect(make).toHaveBeenCalledTimes(1);
});

test("a copy of the package finds the value under a key that every copy knows, which nothing enumerates", () => {
  const value = processWide("a-test", () => ({}));
  expect((globalThis as { [KEY]?: unknown })[KEY]).toBe(value);
  expect(Object.keys(globalThis)).not.toContain(KEY);
  expect(Object.getOwnPropertyDescriptor(globalThis, KEY)).toMatchObject({ enumerable: false, writable: false });
});
