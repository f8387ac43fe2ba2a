import { afterEach, describe, expect, it, vi } from "vitest";
import { configure, Logger } from "../src/index.ts";
import { configureWithDiagnostics, never, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

/** A sink that never answers. */
function hanging(): ProbeSink {
  return Object.assign(new ProbeSink("hanging"), { flush: () => never, close: () => never });
}

describe("clocks and timers belong to others, too: deadlines keep the real time", () => {
  resetAfterEach();
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ["Logger.flush", () => Logger.flush(200)],
    ["Logger.close", () => Logger.close(200)],
    ["a logger's flush", () => Logger.get("a").flush(200)],
  ])("%s over a hanging sink answers under fake timers", async (_, call) => {
    configureWithDiagnostics({ sinks: [hanging()] });
    vi.useFakeTimers();
    Logger.get("a").info("x");
    expect((await call()).failedSinks[0]).toMatchObject({
      sinkId: "hanging",
      error: expect.stringContaining("timeout") as string,
    });
  });

  it("reconfigure under fake timers settles", async () => {
    const logging = configure({ sinks: [] });
    vi.useFakeTimers();
    expect(await logging.reconfigure({ sinks: [new ProbeSink()] })).toEqual({ result: "ok" });
  });
});
