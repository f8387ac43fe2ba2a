// Logs a line every 5 ms while the scenario lets the file be refused and then heals it, of which it tells through standard input. Says
// at the end what the sink counted. Argument: `{ fault, folder }`.
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { say } from "@dagstack/fault-harness/say";
import { countingSink, lineOf } from "./sink.mjs";

const { fault, folder } = JSON.parse(process.argv[2]);
const holding = [];

/** Takes every descriptor there is, so that the next open fails with EMFILE. */
function takeDescriptors() {
  try {
    for (;;) holding.push(openSync("/dev/null", "r"));
  } catch (error) {
    if (error.code !== "EMFILE") throw error;
  }
}

// Root may write everything: another user's rights are needed for EACCES.
if (fault === "EACCES" && process.getuid?.() === 0) process.seteuid(65_534);
if (fault === "EMFILE") {
  process.stdin.on("data", () => {}); // opened before the descriptors are gone
  takeDescriptors();
}
const { sink, counts } = countingSink(join(folder, "in", "f"), { onOpenError: "retry" });
let number = 0;
const timer = setInterval(() => sink.emitLine(9, lineOf(number++)), 5);

let sinceHealed = 0;
createInterface({ input: process.stdin }).on("line", async (said) => {
  if (said === "healed") {
    if (fault === "EMFILE") for (const fd of holding.splice(0)) closeSync(fd);
    sinceHealed = performance.now();
    const before = counts.delivered;
    const watch = setInterval(() => {
      if (counts.delivered === before) return;
      clearInterval(watch);
      say({ againMs: performance.now() - sinceHealed });
    }, 5);
  } else {
    clearInterval(timer);
    const { success } = await sink.flush(5_000);
    await sink.close();
    const gaps = counts.errors.slice(1).map(({ ms }, i) => ms - counts.errors[i].ms);
    say({ ...counts, success, logged: number, leastGapMs: Math.min(...gaps, 1e9) });
    process.stdin.pause();
  }
});
say({ ready: true });
