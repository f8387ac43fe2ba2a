/** Where `SIGHUP` comes from: a process, or a test's stand-in. */
export interface SignalSource {
  on(signal: "SIGHUP", listener: () => void): unknown;
  removeListener(signal: "SIGHUP", listener: () => void): unknown;
}

/**
 * Calls back at each `SIGHUP`; answers how to stop. Other listeners run as before, and a listener holds no process; but
 * with one the signal does not end the process any more.
 */
export function onHangup(source: SignalSource, callback: () => void): () => void {
  const listener = (): void => callback();
  source.on("SIGHUP", listener);
  return () => void source.removeListener("SIGHUP", listener);
}
