import { testRecord } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";
import { type ColorChoice, ConsoleSink } from "../src/index.ts";
import { nodeStream } from "./set-up.ts";

type Env = Record<string, string>;

function isColored(color: ColorChoice | undefined, env: Env, isTTY: boolean): boolean {
  const { stream, text } = nodeStream({ isTTY });
  const sink = new ConsoleSink({ mode: "pretty", color, stream }, { process: { env } });
  sink.emit(testRecord());
  sink.flushSync();
  return text().includes("\u001b[");
}

describe("ConsoleSink: colour (design §13)", () => {
  it.each<[ColorChoice | undefined, Env, boolean, boolean]>([
    [undefined, {}, true, true],
    [undefined, {}, false, false],
    ["auto", { NO_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "" }, true, true],
    ["auto", { FORCE_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "" }, false, true],
    ["auto", { FORCE_COLOR: "0" }, true, false],
    ["auto", { FORCE_COLOR: "false" }, true, false],
    ["auto", { FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
    ["always", { NO_COLOR: "1", FORCE_COLOR: "0" }, false, true],
    ["never", { FORCE_COLOR: "1" }, true, false],
    ["auto", { TERM: "dumb" }, true, false],
    ["auto", { TERM: "dumb", FORCE_COLOR: "1" }, true, true],
    ["auto", { TERM: "dumb", CI: "true" }, false, false],
    ["auto", { TERM: "xterm-256color" }, false, false],
    ["auto", { CI: "true" }, false, true],
    ["auto", { CI: "1", NO_COLOR: "1" }, false, false],
    ["auto", { CI: "" }, false, false],
    ["auto", { CI: "false" }, false, false],
    ["auto", { CI: "0" }, true, true],
  ])("color %s with %o, terminal %s: %s", (color, env, isTTY, expected) => {
    expect(isColored(color, env, isTTY)).toBe(expected);
  });

  it("falls back to the terminal where the environment cannot be read", () => {
    const env = new Proxy<Env>(
      {},
      {
        get: () => {
          throw new Error("permission");
        },
      },
    );
    expect(isColored("auto", env, true)).toBe(true);
  });

  it("JSON is never coloured", () => {
    const { stream, text } = nodeStream();
    const sink = new ConsoleSink({ mode: "json", color: "always", stream });
    sink.emit(testRecord());
    sink.flushSync();
    expect(text()).not.toContain("\u001b");
  });
});
