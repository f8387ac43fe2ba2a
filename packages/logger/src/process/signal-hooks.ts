/** Ending the process on a signal (§13). */
import type { Registry } from "../registry/index.ts";
import { report } from "../reporting/index.ts";
import { currentProcess, listenShared } from "../runtime/index.ts";
import { lostToClose, type SinkPort } from "../sinks/index.ts";
import { beginExit } from "./last-words.ts";
import type { CloseForGood, ShutdownSignal } from "./process-end.ts";

const SIGNAL_NUMBERS: Readonly<Record<ShutdownSignal, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };

/** See `installShutdownHooks`. */
export function installSignalHooks(
  registry: Registry,
  signals: readonly ShutdownSignal[],
  close: CloseForGood,
): () => void {
  const node = currentProcess();
  if (node === undefined) return () => {};
  let ending = false;
  const stops = signals.map((signal) => {
    const exit = (): void => void node.exit?.(128 + SIGNAL_NUMBERS[signal]);
    const handler = (): void => {
      if (ending) exit();
      ending = true;
      // A microtask later: the other handlers have run by then.
      void Promise.resolve()
        .then(() => close((ports) => watchLosses(registry, ports)))
        .then(exit, exit);
    };
    return listenShared(node, signal, handler);
  });
  return () => {
    for (const stop of stops) stop();
  };
}

/** What could not be delivered by the time the answer is called is a diagnostic, since nobody gets the result. */
function watchLosses(registry: Registry, ports: readonly SinkPort[]): () => void {
  const before = new Map(ports.map((port) => [port, lostToClose(port)]));
  return () => {
    beginExit(registry);
    for (const [port, count] of before) {
      const droppedCount = lostToClose(port) - count;
      if (droppedCount > 0) report(registry, { event: "unflushed_shutdown", sinkId: port.id, droppedCount });
    }
  };
}
