/** Applying a configuration (§9.2, §9.3): everything is checked before the first change. */
import { ConfigError, describeError, type FlushResult, type Sink, settlesWithin } from "@dagstack/logger-core";
import { type Explanation, explain } from "./explain.ts";
import { mergeFlushResults } from "./flush.ts";
import type { ReconfigureOutcome } from "./metrics.ts";
import { type ConfigurationPlan, type ConfigureOptions, planConfiguration } from "./options.ts";
import { closeEverything, flushEverything } from "./process-flush.ts";
import { processRegistry, type Registry } from "./registry.ts";
import { assembleResource, detectFacts } from "./resource.ts";
import { sinkId } from "./sink-id.ts";

/** How long a `reconfigure` may take with opening sinks (§9.3). */
const RECONFIGURE_BUDGET_MS = 10_000;

/** How a `reconfigure` ended: unless `ok`, the old configuration stays. */
export interface ReconfigureResult {
  readonly result: ReconfigureOutcome;
  readonly error?: unknown;
}

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

/** One at a time (§9.3). */
function reconfigure(registry: Registry, options: ConfigureOptions): Promise<ReconfigureResult> {
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
      const inUse = registry.configuredSinks();
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
    registry.report({ event: "reconfigure_rejected", reason: "error", errorType: type, errorMessage: message });
    return { result: "error", error };
  }
}

function rejected(registry: Registry, error: unknown, configPath: string): ReconfigureResult {
  const { type, message } = describeError(error);
  registry.metrics.countReconfigure("rejected");
  registry.report({
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
  const current = registry.configuredSinks();
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
    registry.ports.of(sink).fail(failure);
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

/** Puts a checked configuration into force, at once and completely. */
function apply(registry: Registry, plan: ConfigurationPlan): void {
  const before = registry.configuredSinks();
  for (const node of registry.nodes) {
    node.level = null;
    node.sinks = null;
  }
  const root = registry.nodes.get("");
  if (plan.levelGiven) root.level = { severityNumber: plan.level, from: "configure" };
  if (plan.sinks !== undefined) root.sinks = { list: plan.sinks, from: "configure" };
  for (const [name, { level, sinks }] of plan.loggers) {
    const node = registry.nodes.get(name);
    if (level !== undefined) node.level = { severityNumber: level, from: "configure" };
    if (sinks !== undefined) node.sinks = { list: sinks, from: "configure" };
  }
  const { resource, serviceNameMissing } = assembleResource(plan.resource, detectFacts());
  registry.useClock(plan.clock);
  registry.configuration = Object.freeze({
    resource,
    redactor: plan.redactor,
    redactionFrom: plan.redactionGiven ? "configure" : "default",
    ...plan.settings,
  });
  registry.closed = false;
  registry.touch();
  retireUnused(registry, before);
  reportNoteworthy(registry, plan, serviceNameMissing);
}

function retireUnused(registry: Registry, before: ReadonlySet<Sink>): void {
  const after = registry.configuredSinks();
  for (const sink of after) registry.ports.of(sink).reuse();
  for (const sink of before) {
    const port = registry.ports.of(sink);
    if (!after.has(sink) && !port.closed) registry.retirement.start(registry, port);
  }
  if (registry.nodes.get("").sinks !== null) registry.forgetDefaultSink();
}

function reportNoteworthy(registry: Registry, plan: ConfigurationPlan, serviceNameMissing: boolean): void {
  if (plan.redactor.suffixes.length === 0 && plan.warnsOfNoRedaction) {
    registry.report({
      event: "redaction_disabled",
      reason: "replaceDefaults without extraSuffixes: nothing is masked",
    });
  }
  for (const key of Object.keys(registry.configuration.resource.attributes)) {
    if (plan.redactor.isSecret(key)) registry.reportOnce({ event: "resource_secret", attributePath: key });
  }
  if (serviceNameMissing) {
    registry.reportOnce({
      event: "resource_incomplete",
      attributePath: "service.name",
      reason: 'no service.name: set configure({ resource: { "service.name": … } }) or OTEL_SERVICE_NAME',
    });
  }
  registry.noteSharedInternalSinks();
}
