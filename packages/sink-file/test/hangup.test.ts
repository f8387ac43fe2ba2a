import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
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
