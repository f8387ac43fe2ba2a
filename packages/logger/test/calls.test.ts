import { ConfigError, FLUSH_SUCCEEDED } from "@dagstack/logger-core";
import { InMemorySink } from "@dagstack/sink-memory";
import { describe, expect, it, vi } from "vitest";
import { captureLogs, configure, Logger } from "../src/index.ts";
import { configureWithDiagnostics, eventsNamed, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

const reasons = (diagnostics: ProbeSink): unknown[] =>
  eventsNamed(diagnostics, "record_malformed").map(({ attributes }) => attributes["dagstack.reason"]);

describe("what a call is given that nothing becomes of is told once", () => {
  resetAfterEach();

  it.each(["trace", "debug", "info", "warn", "error", "fatal"] as const)("a third argument of %s", (level) => {
    const sink = new ProbeSink();
    const { diagnostics } = configureWithDiagnostics({ level: "trace", sinks: [sink] });
    const log = Logger.get("a");
    for (let n = 0; n < 3; n++) (log[level] as (...args: unknown[]) => void)("%s is %d", { a: 1 }, n);
    log[level]("fine", { a: 1 });
    expect(sink.records).toHaveLength(4);
    expect(reasons(diagnostics)).toEqual(["a third argument is not used: log.info(message, attributes)"]);
  });

  it("not for a level that is off", () => {
    const { diagnostics } = configureWithDiagnostics({ sinks: [] });
    (Logger.get("a").debug as (...args: unknown[]) => void).call(Logger.get("a"), "x", {}, 3);
    expect(diagnostics.records).toEqual([]);
  });

  it("an unknown option of exception()", () => {
    const sink = new ProbeSink();
    const { diagnostics } = configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").exception(new Error("x"), {}, { severity: 9 } as never);
    expect(sink.records).toHaveLength(1);
    expect(
      eventsNamed(diagnostics, "record_malformed").map(({ attributes }) => attributes["dagstack.attribute.path"]),
    ).toEqual(["severity"]);
  });

  it("withContext({ userId: 1 }): no context, so the one around the call stays", () => {
    const active = { span: { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 } };
    const contextReader = {
      active: () => active,
      span: (context: unknown) => (context as Partial<typeof active>).span,
      baggage: () => undefined,
      isContext: (value: unknown) => value === active,
    };
    const sink = new ProbeSink();
    const { diagnostics } = configureWithDiagnostics({ sinks: [sink], contextReader });
    for (let n = 0; n < 2; n++) Logger.get("a").withContext({ userId: 1 }).info("x");
    expect(sink.records.map((record) => record.traceId)).toEqual(["1".repeat(32), "1".repeat(32)]);
    expect(reasons(diagnostics)).toEqual(["withContext() takes a context of OpenTelemetry; attributes are for with()"]);
    Logger.get("b").withContext(undefined).info("x");
    expect(sink.records.at(-1)?.traceId).toBe(null);
    expect(reasons(diagnostics)).toHaveLength(1);
  });

  it("withContext with OpenTelemetry's reader: anything that has no getValue", () => {
    const { diagnostics } = configureWithDiagnostics({ sinks: [] });
    for (const context of [{ getValue: () => undefined }, undefined, null]) Logger.get("a").withContext(context);
    expect(reasons(diagnostics)).toEqual([]);
    for (const context of [{ userId: 1 }, 7, "x"]) Logger.get("a").withContext(context);
    expect(reasons(diagnostics)).toHaveLength(1);
  });

  it.each([{ loger: "a" }, { logger: 7 }, { logger: {} }, 7])(
    "captureLogs refuses %j and runs nothing",
    async (options) => {
      const fn = vi.fn();
      await expect(captureLogs(fn, options as never)).rejects.toThrow(ConfigError);
      expect(fn).not.toHaveBeenCalled();
    },
  );
});

describe("names of loggers", () => {
  resetAfterEach();

  it("one of megabytes is cut, since it stands on every record", () => {
    const sink = new ProbeSink();
    configureWithDiagnostics({ sinks: [sink] });
    Logger.get("x".repeat(5_000_000), "1".repeat(5_000_000)).info("x");
    const { name, version } = sink.records[0]?.instrumentationScope ?? {};
    expect([name?.length, version?.length]).toEqual([1024, 1024]);
    expect(Logger.get("x".repeat(5_000_000)).name).toBe(name);
  });

  it("a name for each request is told when there are ten thousand, once", () => {
    const { diagnostics } = configureWithDiagnostics({ sinks: [] });
    for (let n = 0; n < 12_000; n++) Logger.get(`requests.${n}`);
    expect(reasons(diagnostics)).toEqual([
      "10000 names and versions of loggers are kept: what varies belongs into attributes",
    ]);
  });
});

describe("a closed sink given to configure", () => {
  resetAfterEach();

  it("what it gets is lost and told, with the number", async () => {
    const sink = new InMemorySink({ id: "closed" });
    await sink.close();
    const { diagnostics } = configureWithDiagnostics({ sinks: [sink] });
    for (let n = 0; n < 3; n++) Logger.get("a").info("x");
    await Logger.close();
    const told = eventsNamed(diagnostics, "sink_error").map(({ attributes }) => attributes);
    expect(told[0]).toMatchObject({ "dagstack.error.type": "closed", "dagstack.sink.id": "closed" });
    expect(told.reduce((sum, one) => sum + Number(one["dagstack.dropped_count"]), 0)).toBe(3);
    expect(Logger.metrics.ledger("closed")).toMatchObject({ accepted: 3, dropped: { closed: 3 } });
  });

  it("closed by an earlier configuration and given again: the same", async () => {
    const sink = new InMemorySink({ id: "again" });
    configure({ sinks: [sink] });
    await Logger.close();
    const { diagnostics } = configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("x");
    expect(eventsNamed(diagnostics, "sink_error")).toHaveLength(1);
  });

  it("nothing is told of records that come after the loggers closed it", async () => {
    const { diagnostics } = configureWithDiagnostics({ sinks: [new InMemorySink({ id: "m" })] });
    await Logger.close();
    Logger.get("a").info("late");
    expect(diagnostics.records).toEqual([]);
  });

  it("nor of a sink that opens again", async () => {
    const sink = Object.assign(new ProbeSink("opens"), { flush: () => Promise.resolve(FLUSH_SUCCEEDED) });
    configure({ sinks: [sink] });
    await Logger.close();
    const { diagnostics } = configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("x");
    expect([sink.records.length, diagnostics.records.length]).toEqual([1, 0]);
  });
});
