/**
 * Runs something so that OpenTelemetry's instrumentations make no spans for it, as its own exporters do. Works on its
 * global registry, like the logger's context reader: nothing is imported, and without OpenTelemetry it is just a call.
 */

const API_KEY = Symbol.for("opentelemetry.js.api.1");
/** `suppressTracing` of @opentelemetry/core, generations 1 to 3. */
const SUPPRESS_TRACING = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

interface Context {
  setValue(key: symbol, value: unknown): Context;
}

interface ContextManager {
  active(): Context;
  with<T>(context: Context, run: () => T): T;
}

/** Calls `run` once, in a context where tracing is off, and answers what it answers. */
export function withoutTracing<T>(run: () => T): T {
  let contexts: ContextManager | undefined;
  let quiet: Context | undefined;
  try {
    contexts = (globalThis as { [API_KEY]?: { context?: ContextManager } })[API_KEY]?.context;
    quiet = contexts?.active().setValue(SUPPRESS_TRACING, true);
  } catch {
    // A foreign context manager out of order costs a span at worst; delivery goes on.
  }
  return contexts === undefined || quiet === undefined ? run() : contexts.with(quiet, run);
}
