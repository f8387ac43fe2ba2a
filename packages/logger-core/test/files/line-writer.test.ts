import { describe, expect, test } from "vitest";
import { SinkAccount } from "../../src/accounting/index.ts";
import { type LineDestination, LineWriter } from "../../src/files/index.ts";
import type { Clock } from "../../src/sink/index.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** A writer whose timers come only when the test says so, as those of a faked clock that is gone. */
function setUp(options: { sync?: boolean } = {}) {
  let nowMs = 1_000;
  let reads = 0;
  let text = "";
  let refusal: Error | undefined;
  const timers = new Set<() => void>();
  const clock: Clock = {
    now: () => 0n,
    monotonicMs: () => {
      reads++;
      return nowMs;
    },
    schedule: (callback) => {
      timers.add(callback);
      return { cancel: () => void timers.delete(callback) };
    },
  };
  const destination: LineDestination = {
    begin: () => {},
    prepare: () => false,
    room: () => Number.POSITIVE_INFINITY,
    write: (bytes, offset, length) => {
      if (refusal !== undefined) throw refusal;
      text += new TextDecoder().decode(bytes.subarray(offset, offset + length));
      return length;
    },
    end: () => false,
    reopen: () => false,
  };
  const account = new SinkAccount("s", { clock });
  const writer = new LineWriter({
    destination,
    bufferBytes: 4_096,
    maxBufferBytes: 8_192,
    sync: options.sync === true,
    clock: () => clock,
    account,
    onRefused: () => true,
  });
  return {
    writer,
    timers,
    text: () => text,
    reads: () => reads,
    advance: (ms: number) => {
      nowMs += ms;
    },
    refuse: (code: string | undefined) => {
      refusal = code === undefined ? undefined : Object.assign(new Error(code), { code });
    },
    append: (...lines: string[]) => {
      for (const line of lines) writer.append(encode(line));
    },
  };
}

describe("an armed timer is never the only way on (issue 11, B)", () => {
  test("the line after it should have come writes what waits, whatever became of it", () => {
    const { append, advance, text, timers } = setUp();
    append("a");
    advance(199);
    append("b");
    expect(text()).toBe("");
    advance(1);
    append("c");
    expect([text(), timers.size]).toEqual(["a\nb\nc\n", 0]);
  });

  test("so does a line after the clock began anew", () => {
    const { append, advance, text } = setUp();
    append("a");
    advance(-1_000);
    append("b");
    expect(text()).toBe("a\nb\n");
  });

  test("after a burst that waits for it, at the latest the thirty-second line", () => {
    const { append, advance, text } = setUp();
    append(..."x".repeat(100));
    advance(200);
    append(..."y".repeat(32));
    expect(text()).not.toBe("");
  });

  test("a retry that does not come is made with a line that comes a little later", () => {
    const { append, advance, text, refuse, timers, writer } = setUp();
    refuse("ENOSPC");
    append("a");
    writer.drain();
    refuse(undefined);
    advance(249); // it was due after 50
    append("b");
    expect(text()).toBe("");
    advance(1);
    append("c");
    expect([text(), timers.size]).toEqual(["a\nb\n", 1]); // the new line has a timer of its own
  });

  test("one that is refused again sets another timer", () => {
    const { append, advance, refuse, timers, writer } = setUp();
    refuse("ENOSPC");
    append("a");
    writer.drain();
    advance(1_000);
    append("b");
    expect(timers.size).toBe(1);
  });

  test("a burst asks the clock for few of its lines", () => {
    const { append, reads } = setUp();
    append(..."x".repeat(1_000));
    expect(reads()).toBeLessThan(45);
  });
});
