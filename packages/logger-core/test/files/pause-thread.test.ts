import { afterEach, expect, test } from "vitest";

const memory = globalThis.SharedArrayBuffer;
afterEach(() => {
  globalThis.SharedArrayBuffer = memory;
});

test("the module loads where there is no shared memory, as while a start-up snapshot is built (issue 11, I)", async () => {
  Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
  const { pauseThread } = await import(/* @vite-ignore */ `../../src/files/pause-thread.ts?${Date.now()}`);
  globalThis.SharedArrayBuffer = memory;
  const before = performance.now();
  pauseThread(20);
  expect(performance.now() - before).toBeGreaterThanOrEqual(19);
});
