import { expect, test } from "vitest";
import { systemClock } from "../src/clock.ts";

// That it comes soon in an idle process is shown where a process can be idle: in sink-file's fault scenario `idle-process`.
test("systemClock.schedule with no delay calls back once, and not when cancelled", async () => {
  let calls = 0;
  systemClock.schedule(() => calls++, 0);
  systemClock.schedule(() => calls++, 0).cancel();
  systemClock.schedule(() => calls++, 0, true);
  systemClock.schedule(() => calls++, 0, true).cancel();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(calls).toBe(2);
});
