import { setTimeout as sleep } from "node:timers/promises";

const WINDOW_MS = 20;
const IDLE_MICROSECONDS = 2_000;
const PATIENCE = 150;

/** Waits until the process has nothing left to do, so that what the warm-up left behind is not charged to the measurement. */
export async function settle() {
  for (let window = 0; window < PATIENCE; window++) {
    const before = process.cpuUsage();
    await sleep(WINDOW_MS);
    const { user, system } = process.cpuUsage(before);
    if (user + system < IDLE_MICROSECONDS) return;
  }
}
