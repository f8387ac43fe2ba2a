/** Where `SIGHUP` comes from: a process, or a test's stand-in. */
export interface SignalSource {
  on(signal: "SIGHUP", listener: () => void): unknown;
  removeListener(signal: "SIGHUP", listener: () => void): unknown;
}

/**
 * What all sinks of a process share, whichever copy of this package they come from: one listener, however many they are. It
 * stands on the process under `KEY`. Its version changes with its meaning; a copy that finds one it does not know has a
 * listener of its own.
 */
interface Hangups {
  readonly version: 1;
  /** Has a callback called at each signal; answers how to stop that. */
  add(callback: () => void): () => void;
}

const KEY: unique symbol = Symbol.for("dagstack.sink-file.hangups");

/**
 * Calls back at each `SIGHUP`; answers how to stop. Other listeners run as before, and a listener holds no process; but
 * with one the signal does not end the process any more.
 */
export function onHangup(source: SignalSource, callback: () => void): () => void {
  return (sharedHangups(source) ?? ownHangups(source)).add(callback);
}

function sharedHangups(source: SignalSource): Hangups | undefined {
  try {
    const holder = source as { [KEY]?: Hangups };
    if (holder[KEY] === undefined) Object.defineProperty(source, KEY, { value: ownHangups(source) });
    const found = holder[KEY];
    return found?.version === 1 && typeof found.add === "function" ? found : undefined;
  } catch {
    return undefined; // nothing can be kept there: a listener of one's own does as well
  }
}

function ownHangups(source: SignalSource): Hangups {
  const callbacks = new Set<{ readonly run: () => void }>();
  // Each of them, though one throws; and those that one removes are not called any more.
  const listener = (): void => {
    for (const { run } of callbacks) {
      try {
        run();
      } catch {
        // not lost: reopening does not throw, and what it meets is told by the sink whose file it is
      }
    }
  };
  return Object.freeze<Hangups>({
    version: 1,
    add(callback) {
      const entry = { run: callback };
      if (callbacks.size === 0) source.on("SIGHUP", listener);
      callbacks.add(entry);
      return () => {
        if (callbacks.delete(entry) && callbacks.size === 0) source.removeListener("SIGHUP", listener);
      };
    },
  });
}
