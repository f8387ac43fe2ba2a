/** Ending the process on a signal (§13): only for those who ask. */
import { describeValue, OptionsCheck } from "@dagstack/logger-core";
import { processRegistry } from "../registry/index.ts";
import { ownProcessEnd } from "./own-process-end.ts";
import type { CloseForGood, ShutdownSignal } from "./process-end.ts";
import { closeEverything } from "./process-flush.ts";

const SIGNALS = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"];
const MAX_TIMER_MS = 2_147_483_647;

/** Options of `installShutdownHooks`. */
export interface ShutdownHookOptions {
  /** Default `SIGINT` and `SIGTERM`. */
  readonly signals?: readonly ("SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGTERM")[] | undefined;
  /** How long sinks have. Default the configuration's `flushTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Closes the loggers when a signal asks the process to end, and then ends it with 128 + the signal's number. Other
 * handlers of the signal still run, and what they log at once is still taken. What a sink has not delivered in time is
 * reported as `unflushed_shutdown`, with its count. A second signal ends the process at once. Does nothing in runtimes
 * without signals.
 *
 * @returns removes the hooks.
 * @throws ConfigError for an unknown option, a signal that is not listed above or a bad time.
 */
export function installShutdownHooks(options: ShutdownHookOptions = {}): () => void {
  const { signals, timeoutMs } = readOptions(options);
  const registry = processRegistry();
  const close: CloseForGood = (watch) => closeEverything(registry, timeoutMs, watch);
  return ownProcessEnd?.installSignalHooks(registry, signals, close) ?? (() => {});
}

function readOptions(options: unknown): { signals: readonly ShutdownSignal[]; timeoutMs: number | undefined } {
  const check = new OptionsCheck("installShutdownHooks", options, ["signals", "timeoutMs"]);
  const signals = check.get("signals") ?? ["SIGINT", "SIGTERM"];
  if (!Array.isArray(signals) || !signals.every((signal) => SIGNALS.includes(signal))) {
    const allowed = `a list of ${SIGNALS.join(", ")}`;
    check.add({ path: "signals", reason: "out_of_range", received: describeValue(signals), allowed });
  }
  const time = { min: 0, max: MAX_TIMER_MS, default: 0, unit: "milliseconds" };
  const timeoutMs = check.get("timeoutMs") === undefined ? undefined : check.integer("timeoutMs", time);
  check.finish();
  return { signals: signals as readonly ShutdownSignal[], timeoutMs };
}
