/** Flush and close of many sinks at once (§13, D-49). */
import { type FlushResult, INTERNAL_LOGGER_NAME } from "@dagstack/logger-core";
import { configuredSinks, type Registry, sinksOf, touch } from "../registry/index.ts";
import { portOf, reportSuppressed, reportSurroundings } from "../reporting/index.ts";
import { closePort, flushPort, mergeFlushResults, type SinkPort } from "../sinks/index.ts";

/**
 * Every distinct sink of the process that has something to say: those configured, and those of scopes that are still
 * referenced. One that is closed has, until its close is done and its losses are told.
 */
export function livePorts(registry: Registry): SinkPort[] {
  const configured = [...configuredSinks(registry)].map((sink) => portOf(registry, sink));
  return [...new Set([...configured, ...registry.ports.scoped()])].filter(
    (port) => !port.released || port.books.pending > 0 || !port.books.allAnswered,
  );
}

function timeOf(registry: Registry, timeoutMs: number | undefined): number {
  const valid = typeof timeoutMs === "number" && timeoutMs >= 0;
  return valid ? timeoutMs : registry.configuration.flushTimeoutMs;
}

/** Flushes some sinks under one deadline. */
export async function flushSinks(
  registry: Registry,
  ports: readonly SinkPort[],
  timeoutMs?: number,
): Promise<FlushResult> {
  const time = timeOf(registry, timeoutMs);
  return mergeFlushResults(await Promise.all(ports.map((port) => flushPort(port, time, registry.clock))));
}

/** Flushes all sinks, and waits for those that an earlier configuration left behind. */
export async function flushEverything(registry: Registry, timeoutMs?: number): Promise<FlushResult> {
  const time = timeOf(registry, timeoutMs);
  const results = await Promise.all([
    ...livePorts(registry).map((port) => flushPort(port, time, registry.clock)),
    lossesWithoutSink(registry, registry.retirement.wait(time, registry.clock)),
  ]);
  return mergeFlushResults(results.flat());
}

/** Flushes and closes some sinks under one deadline. */
export async function closeSinks(
  registry: Registry,
  ports: readonly SinkPort[],
  timeoutMs?: number,
): Promise<FlushResult> {
  const time = timeOf(registry, timeoutMs);
  return mergeFlushResults(await Promise.all(ports.map((port) => closePort(port, time, registry.clock))));
}

/**
 * Closes everything; until the next `configure` records are dropped and counted. The sinks of the internal logger come
 * last, in the time that is left: the others may have something to report.
 *
 * @param watch for a process that ends afterwards: sinks that can write what waits synchronously do so at the deadline.
 * Told of the sinks; its answer is called when all but those of the internal logger are closed.
 */
export async function closeEverything(
  registry: Registry,
  timeoutMs?: number,
  watch?: (ports: readonly SinkPort[]) => () => void,
): Promise<FlushResult> {
  reportSurroundings(registry);
  const { clock } = registry;
  const deadline = clock.monotonicMs() + timeOf(registry, timeoutMs);
  const timeLeft = (): number => Math.max(0, deadline - clock.monotonicMs());
  const internal = sinksOf(registry, INTERNAL_LOGGER_NAME).list;
  const isInternal = (port: SinkPort): boolean => internal.includes(port.sink);
  const ports = livePorts(registry);
  registry.closed = true;
  touch(registry);
  const close = (port: SinkPort): Promise<FlushResult> =>
    closePort(port, timeLeft(), clock, { isLastChance: watch !== undefined });
  const closed = watch?.(ports);
  const results = await Promise.all([
    ...ports.filter((port) => !isInternal(port)).map(close),
    lossesWithoutSink(registry, registry.retirement.wait(timeLeft(), clock)),
  ]);
  reportSuppressed(registry);
  closed?.();
  reportSuppressed(registry);
  return mergeFlushResults([...results.flat(), ...(await Promise.all(ports.filter(isInternal).map(close)))]);
}

/** What was lost before any sink could be asked, such as records of ended scopes, once `before` is done. */
async function lossesWithoutSink(
  registry: Registry,
  before: Promise<readonly FlushResult[]>,
): Promise<readonly FlushResult[]> {
  const window = registry.lossesWithoutSink.begin();
  const retired = await before;
  const own = window.result();
  return own.success ? retired : [...retired, { ...own, partial: false }];
}
