import type { Timer } from "@dagstack/logger-core";
import { ManualClock } from "@dagstack/logger-core/testing";
import { describe, expect, test } from "vitest";
import { FileSink } from "../src/index.ts";
import { FakeFileSystem } from "./fake-file-system.ts";

/** Knows the delays of the timers that would hold the process now. */
class HoldingClock extends ManualClock {
  readonly held: number[] = [];

  override schedule(callback: () => void, delayMs: number, holdProcess = false): Timer {
    if (!holdProcess) return super.schedule(callback, delayMs);
    this.held.push(delayMs);
    const release = () => {
      const index = this.held.indexOf(delayMs);
      if (index >= 0) this.held.splice(index, 1);
    };
    const timer = super.schedule(() => {
      release();
      callback();
    }, delayMs);
    return {
      cancel: () => {
        release();
        timer.cancel();
      },
    };
  }
}

function fullDisk() {
  const fs = new FakeFileSystem();
  fs.fail("ENOSPC", "write");
  const clock = new HoldingClock();
  const sink = new FileSink("/logs/f", { closeTimeoutMs: 900 }, { fs, clock });
  sink.emitLine(9, new TextEncoder().encode("a"));
  return { fs, clock, sink };
}

describe("what holds the process (S13, design §8.15)", () => {
  test("records that wait, and the retries for them, do not", async () => {
    const { clock } = fullDisk();
    expect([clock.held, clock.pendingTimers]).toEqual([[], 1]);
    await clock.advance(5_000);
    expect([clock.held, clock.pendingTimers]).toEqual([[], 1]);
  });

  test("a flush does, until its deadline: a process that awaits it with a full disk gets its answer", async () => {
    const { clock, sink } = fullDisk();
    const flushing = sink.flush(700);
    await clock.advance(699);
    expect(clock.held).toEqual([700]);
    await clock.advance(1);
    expect((await flushing).success).toBe(false);
    expect(clock.held).toEqual([]);
  });

  test("a flush lets go when everything is written", async () => {
    const { fs, clock, sink } = fullDisk();
    const flushing = sink.flush();
    await clock.advance(0);
    expect(clock.held).toEqual([5_000]);
    fs.heal();
    await clock.advance(50);
    expect((await flushing).success).toBe(true);
    expect(clock.held).toEqual([]);
  });

  test.each([
    [Number.POSITIVE_INFINITY, 2_147_483_647],
    [2 ** 31, 2_147_483_647],
    [Number.NaN, 5_000],
    [-1, 0],
    ["soon", 5_000],
  ])("a flush given %j holds it for %d ms", async (timeoutMs, held) => {
    const { clock, sink } = fullDisk();
    void sink.flush(timeoutMs as number);
    expect(clock.held).toEqual([held]);
  });

  test.each([
    [undefined, 900],
    [400, 400],
  ])("close given %j does for %d ms at most", async (timeoutMs, ms) => {
    const { clock, sink } = fullDisk();
    const closing = sink.close(timeoutMs);
    await clock.advance(ms - 1);
    expect(clock.held).toEqual([ms]);
    await clock.advance(1);
    await closing;
    expect([clock.held, clock.pendingTimers]).toEqual([[], 0]);
  });
});
