/** Replacing a configuration at run time (§9.3): the old one stays until the new one is checked and its sinks are open. */
import { ConfigError, describeError, type Sink, settlesWithin } from "@dagstack/logger-core";
import { configuredSinks, type ReconfigureOutcome, type Registry } from "../registry/index.ts";
import { portOf, report } from "../reporting/index.ts";
import { sinkId } from "../sinks/index.ts";
import { apply } from "./apply.ts";
import { type ConfigurationPlan, type ConfigureOptions, planConfiguration } from "./options.ts";

/** How long a `reconfigure` may take with opening sinks (§9.3). */
const RECONFIGURE_BUDGET_MS = 10_000;

/** How a `reconfigure` ended: unless `ok`, the old configuration stays. */
export interface ReconfigureResult {
  readonly result: ReconfigureOutcome;
  readonly error?: unknown;
}

/** One at a time (§9.3). */
export function reconfigure(registry: Registry, options: ConfigureOptions): Promise<ReconfigureResult> {
  const { generation } = registry;
  const result = registry.reconfiguring.then(() => reconfigureNow(registry, options, generation));
  registry.reconfiguring = result.then(() => undefined);
  return result;
}

/** @param generation when it was asked for: a `configure` since then is newer and stays. */
async function reconfigureNow(
  registry: Registry,
  options: ConfigureOptions,
  generation: number,
): Promise<ReconfigureResult> {
  try {
    const plan = planConfiguration(options);
    const opening = await openNewSinks(registry, plan);
    if (opening.failure !== undefined) return rejected(registry, opening.failure.error, opening.failure.path);
    if (registry.generation !== generation) {
      const inUse = configuredSinks(registry);
      for (const sink of opening.opened) if (!inUse.has(sink)) void closeAgain(registry, sink);
      return rejected(registry, new Error("replaced by a configure() in the meantime"), "");
    }
    apply(registry, plan);
    registry.metrics.countReconfigure("ok");
    return { result: "ok" };
  } catch (error) {
    if (error instanceof ConfigError) return rejected(registry, error, error.path);
    registry.metrics.countReconfigure("error");
    const { type, message } = describeError(error);
    report(registry, { event: "reconfigure_rejected", reason: "error", errorType: type, errorMessage: message });
    return { result: "error", error };
  }
}

function rejected(registry: Registry, error: unknown, configPath: string): ReconfigureResult {
  const { type, message } = describeError(error);
  registry.metrics.countReconfigure("rejected");
  report(registry, {
    event: "reconfigure_rejected",
    reason: error instanceof ConfigError ? error.reason : configPath === "" ? "replaced" : "a sink did not open",
    ...(configPath === "" ? {} : { configPath }),
    errorType: type,
    errorMessage: message,
  });
  return { result: "rejected", error };
}

interface Opening {
  readonly opened: readonly Sink[];
  readonly failure?: { readonly error: unknown; readonly path: string };
}

/** Opens the sinks that are not in use yet; when one fails, those opened before it are closed again. */
async function openNewSinks(registry: Registry, plan: ConfigurationPlan): Promise<Opening> {
  const current = configuredSinks(registry);
  const planned = new Set(plannedSinks(plan));
  const fresh = [...planned].filter((sink) => !current.has(sink) && typeof sink.open === "function");
  const deadline = registry.clock.monotonicMs() + RECONFIGURE_BUDGET_MS;
  const opened: Sink[] = [];
  for (const sink of fresh) {
    const error = await openWithin(registry, sink, deadline - registry.clock.monotonicMs());
    opened.push(sink);
    if (error === undefined) continue;
    for (const other of opened) void closeAgain(registry, other);
    return { opened: [], failure: { error: error.thrown, path: `sinks: ${sinkId(sink)}` } };
  }
  return { opened };
}

async function closeAgain(registry: Registry, sink: Sink): Promise<void> {
  try {
    await sink.close();
  } catch (failure) {
    portOf(registry, sink).fail(failure);
  }
}

async function openWithin(
  registry: Registry,
  sink: Sink,
  timeoutMs: number,
): Promise<{ readonly thrown: unknown } | undefined> {
  let outcome: { readonly thrown: unknown } | undefined;
  const open = (async () => {
    try {
      await sink.open?.();
    } catch (thrown) {
      outcome = { thrown };
    }
  })();
  if (await settlesWithin(open, timeoutMs, registry.clock)) return outcome;
  return { thrown: new Error(`sink ${sinkId(sink)} did not open within ${RECONFIGURE_BUDGET_MS} ms`) };
}

function* plannedSinks(plan: ConfigurationPlan): Generator<Sink> {
  yield* plan.sinks ?? [];
  for (const { sinks } of plan.loggers.values()) yield* sinks ?? [];
}
