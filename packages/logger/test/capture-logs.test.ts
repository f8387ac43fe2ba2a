import { InMemorySink } from "@dagstack/sink-memory";
import { afterEach, describe, expect, it } from "vitest";
import { captureLogs, Logger } from "../src/index.ts";
import { bodies, observe } from "./observed-logging.ts";
import { gate } from "./recording-sink.ts";

afterEach(() => Logger.reset());

describe("§6: captureLogs", () => {
  it("collects what any logger emits in the call tree, instead of the configured sinks, and the result", async () => {
    const { memory } = observe();
    const { result, records } = await captureLogs(async () => {
      Logger.get("a").info("one");
      await Promise.resolve();
      Logger.get("b").with({ k: 1 }).warn("two");
      await new Promise<void>((resolve) => setImmediate(resolve));
      Logger.get("").error("three");
      return 42;
    });
    expect([result, bodies(records)]).toStrictEqual([42, ["one", "two", "three"]]);
    expect(bodies(memory)).toStrictEqual([]);
    expect(records.every((record) => record.observedTimeUnixNano !== null && Object.isFrozen(record))).toBe(true);
  });

  it("rejects with what fn throws, at once or later", async () => {
    observe();
    await expect(
      captureLogs(() => {
        throw new Error("boom");
      }),
    ).rejects.toThrow("boom");
    await expect(captureLogs(() => Promise.reject(new Error("boom")))).rejects.toThrow("boom");
  });

  it("after a throw nothing is captured any more", async () => {
    const { memory } = observe();
    await captureLogs(() => {
      throw new Error("boom");
    }).catch(() => undefined);
    Logger.get("a").info("x");
    expect(bodies(memory)).toStrictEqual(["x"]);
  });

  it("two that run at the same time leave each other, and code outside, alone", async () => {
    const { memory } = observe();
    const [mayGoOn, hasGoneOn] = [gate(), gate()];
    const log = Logger.get("a");
    const first = captureLogs(async () => {
      log.info("first: one");
      await mayGoOn.opened;
      log.info("first: two");
      hasGoneOn.open();
    });
    const second = captureLogs(async () => {
      log.info("second: one");
      mayGoOn.open();
      await hasGoneOn.opened;
      log.info("second: two");
    });
    log.info("outside");
    const [one, two] = await Promise.all([first, second]);
    expect(bodies(one.records)).toStrictEqual(["first: one", "first: two"]);
    expect(bodies(two.records)).toStrictEqual(["second: one", "second: two"]);
    expect(bodies(memory)).toStrictEqual(["outside"]);
  });

  it("the innermost wins", async () => {
    observe();
    const { result: inner, records } = await captureLogs(async () => {
      Logger.get("a").info("outer");
      const { records } = await captureLogs(() => Logger.get("a").info("inner"));
      Logger.get("a").info("outer again");
      return records;
    });
    expect([bodies(inner), bodies(records)]).toStrictEqual([["inner"], ["outer", "outer again"]]);
  });

  it.each([
    ["a name", "a.b"],
    ["a logger", Logger.get("a.b")],
  ])("one subtree, by %s: that name and all below it, none beside it", async (_, logger) => {
    const { memory } = observe();
    const { records } = await captureLogs(
      () => {
        for (const name of ["a", "a.b", "a.b.c", "a.bc", "x.a.b"]) Logger.get(name).info(name);
      },
      { logger },
    );
    expect(bodies(records)).toStrictEqual(["a.b", "a.b.c"]);
    expect(bodies(memory)).toStrictEqual(["a", "a.bc", "x.a.b"]);
  });

  it.each(["", "root"])("logger %j is everything (D-16)", async (logger) => {
    observe();
    const { records } = await captureLogs(() => Logger.get("a").info("x"), { logger });
    expect(bodies(records)).toStrictEqual(["x"]);
  });

  it("what an inner subtree does not want goes to the outer capture", async () => {
    observe();
    const { result: inner, records } = await captureLogs(async () => {
      const both = (): void => {
        Logger.get("a").info("a");
        Logger.get("b").info("b");
      };
      return (await captureLogs(both, { logger: "a" })).records;
    });
    expect([bodies(inner), bodies(records)]).toStrictEqual([["a"], ["b"]]);
  });

  it("sinks that a scope brought still receive theirs, the configured ones do not", async () => {
    const { memory } = observe();
    const own = new InMemorySink();
    const { records } = await captureLogs(() => {
      Logger.get("a").appendSinks([own]).info("appended");
      Logger.get("a").withSinks([own]).info("replaced");
    });
    expect(bodies(records)).toStrictEqual(["appended", "replaced"]);
    expect(bodies(own)).toStrictEqual(["appended", "replaced"]);
    expect(bodies(memory)).toStrictEqual([]);
  });

  it("levels and redaction apply as usual", async () => {
    observe({ level: "warn" });
    const { records } = await captureLogs(() => {
      Logger.get("a").info("below");
      Logger.get("a").warn("above", { api_key: "k" });
    });
    expect(records.map(({ body, attributes }) => [body, attributes])).toStrictEqual([["above", { api_key: "***" }]]);
  });

  it("a logger without sinks is captured too", async () => {
    observe({ sinks: [] });
    const { records } = await captureLogs(() => Logger.get("a").info("x"));
    expect(bodies(records)).toStrictEqual(["x"]);
  });

  it("what the call tree logs after the end goes to the configured sinks, and the result stays as it was", async () => {
    const { memory } = observe();
    const captureEnded = gate();
    let late: Promise<void> | undefined;
    const { records } = await captureLogs(() => {
      late = captureEnded.opened.then(() => Logger.get("a").info("late"));
    });
    captureEnded.open();
    await late;
    expect([bodies(records), bodies(memory)]).toStrictEqual([[], ["late"]]);
  });

  it("late records of an inner capture go to the outer one while that lasts", async () => {
    observe();
    const innerEnded = gate();
    const { records } = await captureLogs(async () => {
      let late: Promise<void> | undefined;
      await captureLogs(() => {
        late = innerEnded.opened.then(() => Logger.get("a").info("late"));
      });
      innerEnded.open();
      await late;
    });
    expect(bodies(records)).toStrictEqual(["late"]);
  });

  it("a reconfiguration inside does not end it", async () => {
    observe();
    let sink: InMemorySink | undefined;
    const { records } = await captureLogs(() => {
      sink = observe().memory;
      Logger.get("a").info("x");
    });
    expect([bodies(records), bodies(sink as InMemorySink)]).toStrictEqual([["x"], []]);
  });
});
