import { builtinModule } from "./current-process.ts";

interface AsyncLocalStorage<T> {
  run<R>(value: T, fn: () => R): R;
  getStore(): T | undefined;
}

/** A value that a call and everything it awaits can see. */
export interface AmbientValue<T> {
  run<R>(value: T, fn: () => R): R;
  get(): T | undefined;
}

/**
 * An ambient value on `AsyncLocalStorage`, so that it needs no OpenTelemetry SDK (§3.5). Where the runtime has none, as
 * in a browser, the value is visible to synchronous calls only.
 */
export function createAmbientValue<T>(): AmbientValue<T> {
  const hooks = builtinModule<{ AsyncLocalStorage: new () => AsyncLocalStorage<T> }>("node:async_hooks");
  if (hooks !== undefined) {
    const storage = new hooks.AsyncLocalStorage();
    return { run: (value, fn) => storage.run(value, fn), get: () => storage.getStore() };
  }
  let current: T | undefined;
  return {
    run(value, fn) {
      const before = current;
      current = value;
      try {
        return fn();
      } finally {
        current = before;
      }
    },
    get: () => current,
  };
}
