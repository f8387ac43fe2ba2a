import { InMemorySink } from "@dagstack/sink-memory";
import { afterEach, describe, expect, it } from "vitest";
import {
  configure,
  DEFAULT_SECRET_NAMES,
  DEFAULT_SECRET_SUFFIXES,
  INTERNAL_LOGGER_NAME,
  Logger,
} from "../src/index.ts";
import { observe } from "./observed-logging.ts";
import { RecordingSink } from "./recording-sink.ts";

afterEach(() => Logger.reset());

describe("design §5, §13: explain", () => {
  it("defaults", () => {
    const logging = configure({ resource: { "service.name": "test" } });
    expect(logging.explain("a.b")).toStrictEqual({
      name: "a.b",
      level: { value: 9, from: "default" },
      sinks: [{ id: "console:auto", threshold: 9, from: "default" }],
      redaction: { suffixes: [...DEFAULT_SECRET_SUFFIXES], names: [...DEFAULT_SECRET_NAMES], from: "default" },
      context: { autoInject: true },
    });
  });

  it("says which setting decided level and sinks, and on which name", () => {
    const root = new InMemorySink({ id: "root-sink" });
    const own = new InMemorySink({ id: "own" });
    const { logging } = observe({
      level: "warn",
      sinks: [root],
      loggers: { a: { level: "debug", sinks: [own] } },
      redaction: { extraSuffixes: ["_pin"] },
    });
    expect(logging.explain("a.b.c")).toMatchObject({
      level: { value: 5, from: "configure (a)" },
      sinks: [{ id: "own", threshold: 5, from: "configure (a)" }],
      redaction: {
        suffixes: [...DEFAULT_SECRET_SUFFIXES, "_pin"],
        names: [...DEFAULT_SECRET_NAMES],
        from: "configure",
      },
    });
    Logger.get("a.b").setLevel("error");
    Logger.get("a.b").setSinks([]);
    expect(logging.explain("a.b.c")).toMatchObject({ level: { value: 17, from: "setLevel (a.b)" }, sinks: [] });
    expect(logging.explain("x")).toMatchObject({
      level: { value: 13, from: "configure (root)" },
      sinks: [{ id: "root-sink", threshold: 13, from: "configure (root)" }],
    });
  });

  it("level and sinks may come from different names", () => {
    const own = new InMemorySink({ id: "own" });
    const { logging } = observe({ loggers: { a: { sinks: [own] }, "a.b": "error" } });
    expect(logging.explain("a.b")).toMatchObject({
      level: { from: "configure (a.b)" },
      sinks: [{ from: "configure (a)" }],
    });
  });

  it("a sink's own threshold shows beside the logger's level: the higher one counts", () => {
    const sinks = [
      new InMemorySink({ id: "low", minSeverity: "debug" }),
      new InMemorySink({ id: "high", minSeverity: "error" }),
    ];
    const { logging } = observe({ level: "info", sinks });
    expect(logging.explain("a").sinks.map(({ id, threshold }) => [id, threshold])).toStrictEqual([
      ["low", 9],
      ["high", 17],
    ]);
  });

  it("a sink that wants nothing of this logger, or throws when asked, has threshold null and loses nothing by it", () => {
    const never = Object.assign(new RecordingSink("never"), { supportsSeverity: () => false });
    const throws = Object.assign(new RecordingSink("throws"), {
      supportsSeverity: () => {
        throw new Error("no");
      },
    });
    const { logging, diagnostics } = observe({ sinks: [never, throws] });
    expect(logging.explain("a").sinks.map(({ threshold }) => threshold)).toStrictEqual([null, null]);
    expect(Logger.metrics.ledger("throws").accepted).toBe(0);
    expect(diagnostics.size).toBe(0);
  });

  it.each([[""], ["root"]])("%j is the root", (name) => {
    const { logging } = observe({ level: "warn" });
    expect(logging.explain(name)).toMatchObject({ name: "root", level: { value: 13, from: "configure (root)" } });
  });

  it("agrees with the handles, and makes no logger of a name it is asked for", () => {
    const { logging } = observe({ loggers: { a: 3 } });
    const { activeLoggers } = Logger.metrics.snapshot();
    const { level, sinks } = logging.explain("a.never.got");
    expect(Logger.metrics.snapshot().activeLoggers).toBe(activeLoggers);
    const log = Logger.get("a.never.got");
    expect([level.value, sinks.map((sink) => sink.id)]).toStrictEqual([
      log.effectiveLevel(),
      log.effectiveSinks().map((sink) => sink.id),
    ]);
  });

  it("autoInjectTraceContext", () => {
    expect(observe({ autoInjectTraceContext: false }).logging.explain("a").context).toStrictEqual({
      autoInject: false,
    });
  });

  it("the internal logger stands apart (§7.4)", () => {
    const logging = configure({ level: "fatal", sinks: [], resource: { "service.name": "test" } });
    expect(logging.explain(INTERNAL_LOGGER_NAME)).toMatchObject({
      level: { value: 9, from: "default" },
      sinks: [{ id: "internal:stderr", threshold: 9, from: "default" }],
    });
  });

  it("what it returns is a copy", () => {
    const { logging } = observe();
    (logging.explain("a").redaction.suffixes as string[]).length = 0;
    expect(Logger.effectiveSecretSuffixes()).toStrictEqual(DEFAULT_SECRET_SUFFIXES);
  });
});
