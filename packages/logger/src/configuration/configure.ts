// Programs whose `lib` ends before `AsyncDisposable` compile against our declarations, too.
/// <reference lib="esnext.disposable" preserve="true" />
import type { FlushResult } from "@dagstack/logger-core";
import { closeEverything, flushEverything } from "../process/index.ts";
import { processRegistry, type Registry } from "../registry/index.ts";
import { mergeFlushResults } from "../sinks/index.ts";
import { apply } from "./apply.ts";
import { type Explanation, explain } from "./explain.ts";
import { type ConfigureOptions, planConfiguration } from "./options.ts";
import { type ReconfigureResult, reconfigure } from "./reconfigure.ts";

/** What `configure` returns. */
export interface Logging extends AsyncDisposable {
  /** Flushes every sink of the process; `timeoutMs` defaults to `flushTimeoutMs`. Never rejects (§13). */
  flush(timeoutMs?: number): Promise<FlushResult>;
  /**
   * Flushes and closes every sink of the process. Does nothing when another `configure` has replaced this one: its
   * sinks are closed already or under way. Never rejects.
   */
  close(timeoutMs?: number): Promise<FlushResult>;
  /** Replaces the configuration at run time, or rejects the new one and keeps the old (§9.3). Never rejects. */
  reconfigure(options: ConfigureOptions): Promise<ReconfigureResult>;
  /** Which settings hold for a logger, and what decided each. */
  explain(name: string): Explanation;
}

/**
 * Configures all loggers of the process (§9.2). Each call states the whole configuration: what it does not mention
 * returns to its default. Sinks no longer in use are flushed and closed in the background.
 *
 * @throws ConfigError listing every problem; then nothing has changed.
 */
export function configure(options: ConfigureOptions = {}): Logging {
  const registry = processRegistry();
  const plan = planConfiguration(options);
  registry.generation += 1;
  apply(registry, plan);
  return loggingHandle(registry, registry.generation);
}

function loggingHandle(registry: Registry, generation: number): Logging {
  const close = async (timeoutMs?: number): Promise<FlushResult> => {
    if (registry.generation === generation) return closeEverything(registry, timeoutMs);
    const time = timeoutMs ?? registry.configuration.flushTimeoutMs;
    return mergeFlushResults(await registry.retirement.wait(time, registry.clock));
  };
  return Object.freeze({
    flush: (timeoutMs?: number) => flushEverything(registry, timeoutMs),
    close,
    reconfigure: (options: ConfigureOptions) => reconfigure(registry, options),
    explain: (name: string) => explain(registry, name),
    [Symbol.asyncDispose]: async () => void (await close()),
  });
}
