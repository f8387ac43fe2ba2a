/** What happens to waiting records when the process ends (§13). No signal is handled unless asked. */
import { describeError } from "@dagstack/logger-core";
import type { Registry } from "../registry/index.ts";
import { report, reportOnce, reportSuppressed } from "../reporting/index.ts";
import { currentProcess, listenShared } from "../runtime/index.ts";
import { flushPort } from "../sinks/index.ts";
import { beginExit } from "./last-words.ts";

/**
 * Hooks into the natural end of the process and into `process.exit`: the first flushes what waits, the second writes
 * what can be written synchronously and reports the rest. Once per process.
 */
export function installExitHooks(registry: Registry): void {
  if (registry.exitHooksInstalled) return;
  registry.exitHooksInstalled = true;
  const node = currentProcess();
  if (node === undefined) return;
  try {
    listenShared(node, "beforeExit", () => void flushAtNaturalEnd(registry));
    listenShared(node, "exit", () => drainAtExit(registry));
    // Deno ends after an uncaught error without `exit`. Where the process goes on, what waits is written a moment earlier.
    listenShared(node, "uncaughtExceptionMonitor", () => writeWhatWaits(registry));
  } catch (error) {
    const { type, message } = describeError(error);
    const reason = `what waits when the process ends will be lost: ${type}: ${message}`;
    reportOnce(registry, { event: "resource_incomplete", attributePath: "process.on", reason });
  }
}

function writeWhatWaits(registry: Registry): void {
  for (const port of registry.ports.all()) if (!port.released) port.flushSync();
}

/**
 * What can be written synchronously is; sinks that still have records get one flush. Once: a `beforeExit` handler of the
 * application that logs must not keep the process going round.
 */
async function flushAtNaturalEnd(registry: Registry): Promise<void> {
  if (registry.flushedAtNaturalEnd) return;
  registry.flushedAtNaturalEnd = true;
  const { exitFlushMs } = registry.configuration;
  const ports = registry.ports.all().filter((port) => !port.released);
  for (const port of ports) port.flushSync();
  const waiting = ports.filter((port) => port.books.pending > 0 && !port.closed);
  await Promise.all(waiting.map((port) => flushPort(port, exitFlushMs, registry.clock)));
}

/** Sinks that were replaced, and those whose close is under way, may still have records too. */
function drainAtExit(registry: Registry): void {
  beginExit(registry);
  const ports = registry.ports.all().filter((port) => !port.released || port.books.pending > 0);
  for (const port of ports) {
    port.flushSync();
    port.tellLosses();
  }
  for (const { id, books } of ports) {
    const droppedCount = books.pendingInMetrics;
    if (droppedCount > 0) report(registry, { event: "unflushed_shutdown", sinkId: id, droppedCount });
  }
  reportSuppressed(registry);
}
