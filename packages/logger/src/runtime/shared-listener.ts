type Listener = (...args: unknown[]) => void;

/** The part of Node's EventEmitter that is needed. */
export interface Emitter {
  on?(event: string, listener: Listener): unknown;
  removeListener?(event: string, listener: Listener): unknown;
  listeners?(event: string): readonly unknown[];
}

/** For each event, those who listen and the one listener that calls them. */
type Shared = Map<string, { readonly listeners: Set<Listener>; readonly relay: Listener }>;

/** Lies on the emitter, so that all copies of the package find it, also those with a global object of their own. */
const SHARED_KEY = Symbol.for("dagstack.logger.listeners.v1");

/**
 * Listens to an event of an emitter that belongs to everybody, such as `process`: by one listener for all who do, since
 * Node warns of more than ten. In the order in which they came; one that throws keeps none of the others from it.
 *
 * @returns stops listening.
 */
export function listenShared(emitter: Emitter, event: string, listener: Listener): () => void {
  const shared = sharedOf(emitter);
  const known = shared.get(event);
  if (known !== undefined) {
    known.listeners.add(listener);
    // Somebody may have removed all listeners.
    if (emitter.listeners?.(event).includes(known.relay) === false) emitter.on?.(event, known.relay);
  } else {
    const listeners = new Set([listener]);
    const relay: Listener = (...args) => callAll(listeners, args);
    shared.set(event, { listeners, relay });
    emitter.on?.(event, relay);
  }
  return () => {
    const entry = shared.get(event);
    if (entry?.listeners.delete(listener) !== true || entry.listeners.size > 0) return;
    shared.delete(event);
    emitter.removeListener?.(event, entry.relay);
  };
}

function sharedOf(emitter: Emitter & { readonly [SHARED_KEY]?: unknown }): Shared {
  const existing = emitter[SHARED_KEY];
  if (existing instanceof Map || Object.prototype.toString.call(existing) === "[object Map]") return existing as Shared;
  const shared: Shared = new Map();
  try {
    Object.defineProperty(emitter, SHARED_KEY, { value: shared, enumerable: false, configurable: true });
  } catch {
    // an emitter that cannot be marked: each copy has a listener of its own
  }
  return shared;
}

function callAll(listeners: ReadonlySet<Listener>, args: unknown[]): void {
  let failure: { readonly error: unknown } | undefined;
  for (const listener of [...listeners]) {
    try {
      listener(...args);
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
}
