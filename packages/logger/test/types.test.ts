import { afterEach, describe, expect, it } from "vitest";
import { configure, type Level, Logger, type MessageComesFirst } from "../src/index.ts";
import { bodies, observe } from "./observed-logging.ts";

afterEach(() => Logger.reset());

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

interface Order {
  readonly id: number;
  readonly note?: string;
}

const order: Order = { id: 1 };
const methods = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

describe("§3, §3.5: what compiles, and runs", () => {
  it("each log method takes any body, and attributes of any object type", () => {
    const { memory } = observe({ level: 1 });
    const log = Logger.get("a");
    for (const method of methods) {
      log[method]("text");
      log[method]({ a: 1 }, order);
      log[method](undefined, new Map([["k", 1]]));
      log[method](new Error("m"), { at: new Date(), list: [order] });
    }
    expect(memory.size).toBe(24);
  });

  it("log methods return void, with() and child() a Logger, exception takes unknown", () => {
    observe();
    const log = Logger.get("a");
    const nothing: Same<ReturnType<Logger["info"]>, void> = true;
    const derived: Same<ReturnType<Logger["with"]>, Logger> = true;
    const thrown: Same<Parameters<Logger["exception"]>[0], unknown> = true;
    expect([nothing, derived, thrown, log.with(order), log.child(order)].every(Boolean)).toBe(true);
  });

  it("withScopedSinks keeps the type of what fn returns", async () => {
    observe();
    const answer: number = await Logger.get("a").withScopedSinks([], () => 42);
    const later: number = await Logger.get("a").withScopedSinks([], () => Promise.resolve(42));
    expect([answer, later]).toStrictEqual([42, 42]);
  });

  it("levels complete by name and take numbers and aliases", () => {
    const levels: Level[] = ["info", "INFO", "WARNING", "INFO2", 9, "9"];
    for (const level of levels) configure({ level, sinks: [], resource: { "service.name": "test" } });
    expect(Logger.get("a").effectiveLevel()).toBe(9);
  });
});

describe("design §5: what does not compile", () => {
  it("pino's argument order, and the error's type says what to do instead", () => {
    const { memory } = observe({ level: 1 });
    const log = Logger.get("a");
    // @ts-expect-error the message comes first
    log.trace(order, "message");
    // @ts-expect-error the message comes first
    log.debug(order, "message");
    // @ts-expect-error the message comes first
    log.info(order, "message");
    // @ts-expect-error the message comes first
    log.warn(order, "message");
    // @ts-expect-error the message comes first
    log.error(order, "message");
    // @ts-expect-error the message comes first
    log.fatal(order, "message");
    const text: Same<MessageComesFirst, "message first, then attributes: log.info(message, attributes)"> = true;
    expect([memory.size, text]).toStrictEqual([6, true]);
  });

  it("attributes that are no object", () => {
    const { memory } = observe();
    const log = Logger.get("a");
    // @ts-expect-error attributes are a map, not text
    log.info("message", "more text");
    // @ts-expect-error attributes are a map, not a number
    log.info("message", 42);
    // @ts-expect-error attributes are a map
    log.with("text").info("message");
    expect(bodies(memory)).toStrictEqual(["message", "message", "message"]);
  });

  it("options that do not exist, sinks that are none, levels of a wrong type", () => {
    // @ts-expect-error the option is called level
    expect(() => configure({ levle: "info" })).toThrow("levle");
    // @ts-expect-error an object without the five members is no sink
    expect(() => configure({ sinks: [{ id: "x" }] })).toThrow("sinks[0]");
    // @ts-expect-error a level is a name or a number
    expect(() => Logger.get("a").setLevel(true)).toThrow("level");
    // @ts-expect-error the option is called minSeverity
    expect(() => Logger.get("a").scoped({ level: "info" })).toThrow("level");
  });

  it("new Logger: handles come from Logger.get", () => {
    // @ts-expect-error the constructor is private
    const construct = (): unknown => new Logger();
    expect(construct).toThrow();
  });
});
