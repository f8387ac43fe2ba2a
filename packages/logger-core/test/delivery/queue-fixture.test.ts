/** Every scenario of fixtures/sinks/queue.json that concerns the engine (§7.1, §13, §14.4). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { BatchingSinkSettings } from "../../src/delivery/index.ts";
import { ConfigError, type FlushResult, type LogRecord } from "../../src/index.ts";
import { testRecord } from "../../src/testing/index.ts";
import { bodies, rig } from "./batching-sink-rig.ts";

interface Scenario {
  readonly name: string;
  readonly config: Record<string, unknown>;
  readonly steps: readonly Record<string, unknown>[];
  readonly expect: Record<string, unknown>;
}
interface ExpectedResult {
  readonly success: boolean;
  readonly partial: boolean;
  readonly failedSinks: readonly string[];
  readonly droppedCount?: number;
}

const fixture = new URL("../../../../conformance/fixtures/sinks/queue.json", import.meta.url);
const { scenarios } = JSON.parse(readFileSync(fixture, "utf8")) as { scenarios: readonly Scenario[] };
// The in-memory ring is no queue before a delivery: its two scenarios are run by @dagstack/sink-memory.
const ours = scenarios.filter(({ config }) => config.kind !== "in_memory");

/** Values that never act on their own unless a scenario gives others. */
const NEVER_MS = 1_000_000_000;

function settingsOf(config: Record<string, unknown>, counters: { releases: number }, drained: LogRecord[]) {
  const settings: Record<string, unknown> = {
    queueSize: config.queue_size,
    overflow: config.overflow,
    batchSize: config.batch_size,
    flushIntervalMs: config.flush_interval_ms ?? NEVER_MS,
    release: () => {
      counters.releases += 1;
    },
  };
  if (config.min_severity !== undefined) settings.minSeverity = config.min_severity;
  if (config.retries !== undefined) settings.retry = { maxAttempts: Number(config.retries) + 1 };
  if (config.sync_drain === true) settings.syncDrain = (batch: readonly LogRecord[]) => void drained.push(...batch);
  return settings as Partial<BatchingSinkSettings<LogRecord>>;
}

function expectResult(result: FlushResult | undefined, expected: ExpectedResult): void {
  expect(result).toMatchObject({ success: expected.success, partial: expected.partial });
  expect(result?.failedSinks).toHaveLength(expected.failedSinks.length);
  // The fixture names the sink, or a word that the error text holds.
  for (const [index, name] of expected.failedSinks.entries()) {
    const failed = result?.failedSinks[index];
    expect(`${failed?.sinkId}: ${failed?.error}`).toContain(name);
  }
  if (expected.droppedCount !== undefined) expect(result?.droppedCount).toBe(expected.droppedCount);
}

async function run(scenario: Scenario) {
  const counters = { releases: 0 };
  const drained: LogRecord[] = [];
  const it = rig(settingsOf(scenario.config, counters, drained));
  const flushes: FlushResult[] = [];
  const closes: FlushResult[] = [];
  let pendingFlush: Promise<FlushResult> | undefined;
  for (const step of scenario.steps) {
    const [name, value] = Object.entries(step)[0] as [string, never];
    switch (name) {
      case "hold_delivery":
        if (value) it.delivery.hold();
        else it.delivery.release();
        break;
      case "hold_background": // nothing runs in the background while a test emits on one stack
        break;
      case "emit":
        it.emit(...(value as string[]));
        break;
      case "emit_count":
        it.emit(...bodies(value as number));
        break;
      case "emit_at":
        for (const [body, severityNumber] of value as [string, number][]) {
          it.sink.emit(testRecord({ body, severityNumber }));
        }
        break;
      case "flush": {
        const flush = it.sink.flush(value);
        await it.clock.advance(value);
        flushes.push(await flush);
        break;
      }
      case "flush_start":
        pendingFlush = it.sink.flush(value);
        break;
      case "flush_await":
        await it.clock.settle();
        if (pendingFlush !== undefined) flushes.push(await pendingFlush);
        break;
      case "close": {
        // As the logger closes: a flush for the answer, and the close itself, under one deadline (§13).
        const flush = it.sink.flush(value);
        const close = it.sink.close(value);
        await it.clock.advance(value);
        await close;
        closes.push(await flush);
        break;
      }
      case "fail_next_deliveries":
        it.delivery.answer(...Array.from({ length: value as number }, () => new Error("scripted")));
        break;
      case "release_deliveries":
        it.delivery.release(value);
        break;
      case "advance_ms":
        await it.clock.advance(value);
        break;
      case "settle":
        await it.clock.settle();
        break;
      default:
        throw new Error(`the fixture has a step that this test does not know: ${name}`);
    }
  }
  return { ...it, drained, counters, flushes, closes };
}

describe("fixtures/sinks/queue.json", () => {
  it("has the scenarios that this test was written for", () => {
    expect(ours).toHaveLength(19);
  });

  it.each(ours.map((scenario) => [scenario.name, scenario] as const))("%s", async (_, scenario) => {
    const expected = scenario.expect;
    if (expected.construct_error !== undefined) {
      let thrown: unknown;
      try {
        rig(settingsOf(scenario.config, { releases: 0 }, []));
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(ConfigError);
      expect((thrown as ConfigError).path).toBe(expected.construct_error);
      return;
    }
    const done = await run(scenario);
    const delivered = [...done.drained.map(({ body }) => body), ...done.delivered()];
    const dropped = done.ledger().dropped;
    for (const [key, value] of Object.entries(expected)) {
      switch (key) {
        case "delivered":
          expect(delivered).toEqual(value);
          break;
        case "delivered_count":
          expect(delivered).toHaveLength(value as number);
          break;
        case "delivered_last":
          expect(delivered.at(-1)).toBe(value);
          break;
        case "dropped":
          expect(dropped).toEqual(value);
          break;
        case "batches":
          expect(done.batches()).toEqual(value);
          break;
        case "pending":
        case "pending_or_in_flight":
          expect(done.ledger().pending).toBe((value as string[]).length);
          break;
        case "deliver_calls":
          expect(done.delivery.calls).toHaveLength(value as number);
          break;
        case "release_calls":
          expect(done.counters.releases).toBe(value);
          break;
        case "flush":
        case "close": {
          const results = key === "flush" ? done.flushes : done.closes;
          const all = value as ExpectedResult[];
          expect(results).toHaveLength(all.length);
          for (const [index, one] of all.entries()) expectResult(results[index], one);
          break;
        }
        default:
          throw new Error(`the fixture expects something that this test does not check: ${key}`);
      }
    }
  });
});
