import type { FlushResult } from "@dagstack/logger-core";
import { FLUSH_SUCCEEDED } from "@dagstack/logger-core";
import { describe, expect, it } from "vitest";
import { Logger } from "../src/index.ts";
import { AttachedProbe, configureWithDiagnostics, eventsNamed, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

/** A sink whose flush and close do what a test says, and count how often they were called. */
class Meddler extends ProbeSink {
  readonly #flush: () => unknown;
  readonly #close: () => unknown;

  constructor(id: string, onFlush: () => unknown, onClose: () => unknown = () => undefined) {
    super(id);
    this.#flush = onFlush;
    this.#close = onClose;
  }

  override async flush(): Promise<FlushResult> {
    this.calls.push("flush");
    if (this.calls.length < 1000) await this.#flush();
    return FLUSH_SUCCEEDED;
  }

  override async close(): Promise<void> {
    this.calls.push("close");
    if (this.calls.length < 1000) await this.#close();
  }

  count(name: string): number {
    return this.calls.filter((call) => call === name).length;
  }
}

const tick = (): Promise<void> => Promise.resolve();

describe("§13 a sink whose flush or close uses the loggers", () => {
  resetAfterEach();

  it.each([
    ["Logger.flush()", () => Logger.flush()],
    ["Logger.flush(), later", () => tick().then(() => Logger.flush())],
    ["a logger's flush", () => Logger.get("a").flush()],
    ["Logger.close()", () => Logger.close()],
    ["a logger's close", () => Logger.get().close()],
    ["Logger.close() without waiting", () => void Logger.close()],
  ])("flush calls %s: it is called once, answers at once, and the attempt is reported", async (_, meddle) => {
    const healthy = new ProbeSink("healthy");
    const meddler = new Meddler("meddler", meddle);
    const { diagnostics } = configureWithDiagnostics({ sinks: [meddler, healthy] });
    Logger.get("a").info("x");
    const result = await Logger.flush(60_000);
    expect(result.failedSinks).toEqual([]);
    expect(meddler.count("flush")).toBe(1);
    expect(healthy.records).toHaveLength(1);
    const types = eventsNamed(diagnostics, "sink_error").map(({ attributes }) => attributes["dagstack.error.type"]);
    expect(types).toEqual(["ReentrantFlush"]);
    expect(Logger.metrics.ledger("meddler")).toEqual({ accepted: 1, delivered: 1, pending: 0, dropped: {} });
  });

  it.each([
    ["Logger.flush()", () => Logger.flush()],
    ["Logger.close()", () => Logger.close()],
    ["Logger.close(), later", () => tick().then(() => Logger.close())],
  ])("close calls %s: closed once, in time", async (_, meddle) => {
    const meddler = new Meddler("meddler", () => undefined, meddle);
    configureWithDiagnostics({ sinks: [meddler] });
    Logger.get("a").info("x");
    expect((await Logger.close(60_000)).failedSinks).toEqual([]);
    expect([meddler.count("flush"), meddler.count("close")]).toEqual([1, 1]);
  });

  it("two sinks that flush all: each is called once by each of the other", async () => {
    const one = new Meddler("one", () => Logger.flush());
    const two = new Meddler("two", () => tick().then(() => Logger.flush()));
    configureWithDiagnostics({ sinks: [one, two] });
    await Logger.flush(60_000);
    expect(one.count("flush") + two.count("flush")).toBe(4);
  });

  it("what a flush started and left behind may flush when it is over", async () => {
    let later: Promise<FlushResult> | undefined;
    let release = (): void => {};
    const over = new Promise<void>((resolve) => {
      release = resolve;
    });
    const meddler: Meddler = new Meddler("meddler", () => {
      later ??= over.then(() => Logger.flush(60_000));
    });
    configureWithDiagnostics({ sinks: [meddler] });
    await Logger.flush(60_000);
    release();
    expect((await later)?.failedSinks).toEqual([]);
    expect(meddler.count("flush")).toBe(2);
  });

  it("a sink that flushes the loggers while it is attached is attached once", async () => {
    let attached = 0;
    class Eager extends AttachedProbe {
      override attach(): void {
        attached += 1;
        if (attached < 100) void Logger.flush();
      }
    }
    configureWithDiagnostics({ sinks: [new Eager()] });
    Logger.get("a").info("x");
    await Logger.flush(1000);
    expect(attached).toBe(1);
  });
});
