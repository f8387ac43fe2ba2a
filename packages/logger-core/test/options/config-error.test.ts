import { expect, test } from "vitest";
import { ConfigError } from "../../src/options/index.ts";

const issue = { path: "level", reason: "validation_failed" } as const;

/** The class as another copy of this package has it. */
async function otherCopy(): Promise<typeof ConfigError> {
  const specifier = "../../src/options/errors.ts?another-copy";
  return (await import(specifier)).ConfigError;
}

test("a ConfigError of another copy of the package is one", async () => {
  const Other = await otherCopy();
  expect(Other).not.toBe(ConfigError);
  expect(new Other([issue])).toBeInstanceOf(ConfigError);
  expect(new ConfigError([issue])).toBeInstanceOf(Other);
});

test.each([
  ["another error", new RangeError("level")],
  ["an object of the same name", { name: "ConfigError" }],
  [
    "a hostile object",
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("read");
        },
      },
    ),
  ],
  ["null", null],
  ["undefined", undefined],
  ["a text", "ConfigError"],
])("%s is no ConfigError", (_, value) => {
  expect(value instanceof ConfigError).toBe(false);
});

test("a subclass has instances of its own", () => {
  class SinkConfigError extends ConfigError {}
  expect(new SinkConfigError([issue])).toBeInstanceOf(ConfigError);
  expect(new SinkConfigError([issue])).toBeInstanceOf(SinkConfigError);
  expect(new ConfigError([issue]) instanceof SinkConfigError).toBe(false);
});
