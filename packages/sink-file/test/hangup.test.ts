import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { onHangup } from "../src/hangup.ts";
import { setUp } from "./set-up.ts";

test("reopenOnSighup: each signal reopens the path at once, other handlers run too, and close stops listening", async () => {
  const signals = new EventEmitter();
  let others = 0;
  signals.on("SIGHUP", () => others++);
  const { fs, sink, emit, text } = setUp({ sync: true, reopenOnSighup: true }, { signals });
  emit("a");
  fs.rename("/logs/f", "/logs/f.1");
  signals.emit("SIGHUP");
  emit("b");
  expect([text("/logs/f.1"), text(), others]).toEqual(["a\n", "b\n", 1]);
  await sink.close();
  expect(signals.listenerCount("SIGHUP")).toBe(1);
});

test("without it no listener is set", () => {
  const signals = new EventEmitter();
  setUp({}, { signals });
  expect(signals.listenerCount("SIGHUP")).toBe(0);
});

describe("one listener for all sinks of a process (issue 11, J)", () => {
  const hub = Symbol.for("dagstack.sink-file.hangups");

  test("twelve sinks are reopened by one, which goes with the last of them", async () => {
    const signals = new EventEmitter();
    const rigs = Array.from({ length: 12 }, () => setUp({ sync: true, reopenOnSighup: true }, { signals }));
    expect(signals.listenerCount("SIGHUP")).toBe(1);
    for (const { fs } of rigs) fs.rename("/logs/f", "/logs/f.1");
    signals.emit("SIGHUP");
    for (const { emit, text } of rigs) {
      emit("a");
      expect(text()).toBe("a\n");
    }
    for (const { sink } of rigs.slice(1)) await sink.close();
    expect(signals.listenerCount("SIGHUP")).toBe(1);
    await rigs[0]?.sink.close();
    await rigs[0]?.sink.close();
    expect(signals.listenerCount("SIGHUP")).toBe(0);
  });

  test("so are sinks of other copies of the package", async () => {
    const signals = new EventEmitter();
    const copies: typeof import("../src/hangup.ts")[] = [];
    for (const query of ["?one", "?two"]) copies.push(await import(/* @vite-ignore */ `../src/hangup.ts${query}`));
    let calls = 0;
    const stops = copies.map(({ onHangup }) => onHangup(signals, () => calls++));
    expect([copies[0] === copies[1], signals.listenerCount("SIGHUP")]).toEqual([false, 1]);
    signals.emit("SIGHUP");
    expect(calls).toBe(2);
    for (const stop of stops) stop();
    expect(signals.listenerCount("SIGHUP")).toBe(0);
  });

  test.each([{ version: 2, add: () => () => {} }, { version: 1 }, 5, null])(
    "what another version left there, %j, is left alone: the sink has a listener of its own",
    (found) => {
      const signals = new EventEmitter();
      Object.defineProperty(signals, hub, { value: found });
      let calls = 0;
      const stop = onHangup(signals, () => calls++);
      signals.emit("SIGHUP");
      stop();
      expect([calls, signals.listenerCount("SIGHUP")]).toEqual([1, 0]);
    },
  );

  test("a source that takes no property, and one whose property throws, are listened to as well", () => {
    const closed = Object.preventExtensions(new EventEmitter());
    const throwing = Object.defineProperty(new EventEmitter(), hub, {
      get: () => {
        throw new Error("no");
      },
    });
    for (const signals of [closed, throwing]) {
      const stop = onHangup(signals, () => {});
      expect(signals.listenerCount("SIGHUP")).toBe(1);
      stop();
      expect(signals.listenerCount("SIGHUP")).toBe(0);
    }
  });

  test("what is shared is frozen, of a version, and is not listed with the process's properties", () => {
    const signals = new EventEmitter();
    onHangup(signals, () => {});
    const found = (signals as unknown as Record<symbol, object>)[hub];
    expect([Object.isFrozen(found), Object.keys(found ?? {}).sort()]).toEqual([true, ["add", "version"]]);
    expect(Object.getOwnPropertyDescriptor(signals, hub)?.enumerable).toBe(false);
  });

  test("one callback that throws keeps none of the others from being called", () => {
    const signals = new EventEmitter();
    let calls = 0;
    onHangup(signals, () => {
      throw new Error("no");
    });
    onHangup(signals, () => calls++);
    signals.emit("SIGHUP");
    expect(calls).toBe(1);
  });
});
