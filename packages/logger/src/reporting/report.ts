/** Diagnostics on `dagstack.logger.internal` (§7.4), and the ports of sinks, which is where most of them come from. */
import { type Clock, type Diagnostic, INTERNAL_LOGGER_NAME, type Sink } from "@dagstack/logger-core";
import { send } from "../record/index.ts";
import {
  type LoggerNode,
  levelOf,
  NO_SINK_ID,
  notShared,
  type Registry,
  sinksOf,
  type Told,
} from "../registry/index.ts";
import { type SinkPort, type SinkPortHost, sinkId } from "../sinks/index.ts";
import { diagnosticRecord } from "./diagnostic-record.ts";

/** Scope attributes may have keys without end; this many are told of. */
const MAX_REPORTED_ONCE = 1000;

/** Writes a diagnostic on the internal logger (§7.4), unless one like it was written just now. Never throws. */
export function report(registry: Registry, diagnostic: Diagnostic): void {
  writing(registry, () => {
    const { clock, windows } = registry;
    const told = windows.pass(diagnostic, clock.monotonicMs());
    if (told === undefined) awaitWindowEnd(registry);
    else write(registry, told);
  });
}

/** Writes what was held back because something like it had been written: nobody may ask later. */
export function reportSuppressed(registry: Registry): void {
  writing(registry, () => {
    for (const told of registry.windows.all(registry.clock.monotonicMs())) write(registry, told);
  });
}

/** From here on another clock counts; what was held back by the old one is written. */
export function useClock(registry: Registry, clock: Clock): void {
  if (clock === registry.clock) return;
  reportSuppressed(registry);
  registry.windows.reset();
  registry.windowTimer?.cancel();
  registry.windowTimer = undefined;
  registry.clock = clock;
}

/** Never loops: what sinks of the internal logger report while they write is not written; their ledgers have the count. */
function writing(registry: Registry, write: () => void): void {
  if (registry.reporting) return;
  registry.reporting = true;
  try {
    write();
  } catch {
    loseWithoutSink(registry, "sink_error");
  } finally {
    registry.reporting = false;
  }
}

function write(registry: Registry, { diagnostic, suppressed }: Told): void {
  const { clock, configuration } = registry;
  const record = diagnosticRecord(diagnostic, suppressed, clock.now(), configuration.resource);
  const { severityNumber } = record;
  if (severityNumber < levelOf(registry, INTERNAL_LOGGER_NAME).severityNumber) return;
  const ports = sinksOf(registry, INTERNAL_LOGGER_NAME).list.map((sink) => portOf(registry, sink));
  send(registry, ports, { severityNumber, record });
}

/** The next diagnostic of the same kind tells, too, should the timer never fire. */
function awaitWindowEnd(registry: Registry): void {
  const { clock, windows } = registry;
  const endMs = registry.windowTimer === undefined ? windows.nextEndMs : undefined;
  if (endMs === undefined) return;
  const tell = (): void => {
    registry.windowTimer = undefined;
    writing(registry, () => {
      for (const told of windows.ended(clock.monotonicMs())) write(registry, told);
      awaitWindowEnd(registry);
    });
  };
  registry.windowTimer = clock.schedule(tell, Math.max(0, endMs - clock.monotonicMs()));
}

/** Reports what is worth saying once in the life of the process: an attribute that should or should not be there. */
export function reportOnce(registry: Registry, diagnostic: Diagnostic): void {
  const what = `${diagnostic.event} ${diagnostic.attributePath}`.slice(0, 200);
  if (registry.reportedOnce.has(what) || registry.reportedOnce.size >= MAX_REPORTED_ONCE) return;
  registry.reportedOnce.add(what);
  report(registry, diagnostic);
}

/** Reports a coercion once per logger and kind (§1.4). */
export function reportMalformed(
  registry: Registry,
  node: LoggerNode,
  kind: string,
  attributePath: string,
  errorType?: string,
): void {
  const reason = errorType === undefined ? kind : `${kind}: ${errorType}`;
  if (node.reported.has(kind)) return;
  node.reported.add(kind);
  report(registry, {
    event: "record_malformed",
    loggerName: node.name === "" ? "root" : node.name,
    reason,
    ...(attributePath === "" ? {} : { attributePath }),
  });
}

/** Warns of internal sinks that the root writes to as well: its trouble would then be told to itself (§7.4). */
export function reportSharedInternalSinks(registry: Registry): void {
  const rootSinks = registry.nodes.get("").sinks?.list ?? [];
  for (const sink of registry.nodes.get(INTERNAL_LOGGER_NAME).sinks?.list ?? []) {
    if (rootSinks.includes(sink)) report(registry, { event: "shared_internal_sink", sinkId: sinkId(sink) });
  }
}

/**
 * Says once each what is amiss around the loggers: copies of the package that do not share them, which may be loaded at any
 * time, and what is missing in the resource.
 */
export function reportSurroundings(registry: Registry): void {
  if (registry.lookedAroundAt === registry.epoch) return;
  registry.lookedAroundAt = registry.epoch;
  const reason = notShared(registry);
  if (reason !== undefined) reportOnce(registry, { event: "registry_not_shared", reason });
  for (const issue of registry.configuration.resourceIssues) {
    reportOnce(registry, { event: "resource_incomplete", ...issue });
  }
}

/** Counts a record that was lost before any sink could be asked. */
export function loseWithoutSink(registry: Registry, reason: "scope_ended" | "sink_error"): void {
  const { ledger } = registry.metrics.sink(NO_SINK_ID);
  ledger.accept();
  ledger.drop(1, reason);
  registry.lostWithoutSink.drop(1, reason);
}

/** The port of a sink; what the sink tells of itself becomes diagnostics and metrics. */
export function portOf(registry: Registry, sink: Sink): SinkPort {
  return registry.ports.of(sink, () => hostOf(registry));
}

/** The same for a sink that a scope brought. */
export function scopedPortOf(registry: Registry, sink: Sink): SinkPort {
  return registry.ports.ofScoped(sink, () => hostOf(registry));
}

/** What a port needs of the process; made with the port. */
function hostOf(registry: Registry): SinkPortHost {
  return {
    get clock(): Clock {
      return registry.clock;
    },
    random: () => Math.random(),
    report: (diagnostic) => report(registry, diagnostic),
    countersOf: (id) => registry.metrics.sinkWithPort(id),
  };
}
