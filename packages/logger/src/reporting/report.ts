/** Diagnostics on `dagstack.logger.internal` (§7.4), and the ports of sinks, which is where most of them come from. */
import { type Clock, type Diagnostic, INTERNAL_LOGGER_NAME, type Sink } from "@dagstack/logger-core";
import { send } from "../record/index.ts";
import { type LoggerNode, levelOf, NO_SINK_ID, type Registry, sinksOf } from "../registry/index.ts";
import { type SinkPort, type SinkPortHost, sinkId } from "../sinks/index.ts";
import { diagnosticRecord } from "./diagnostic-record.ts";

/** Scope attributes may have keys without end; this many are told of. */
const MAX_REPORTED_ONCE = 1000;

/** Writes a diagnostic on the internal logger (§7.4). Never throws and never loops. */
export function report(registry: Registry, diagnostic: Diagnostic): void {
  if (registry.reporting) return; // a sink of the internal logger failed while writing: its ledger has the count
  registry.reporting = true;
  try {
    const passed = registry.storms.pass(diagnostic, registry.clock.monotonicMs());
    if (passed === undefined) return;
    const record = diagnosticRecord(
      passed.diagnostic,
      passed.suppressed,
      registry.clock.now(),
      registry.configuration.resource,
    );
    const { severityNumber } = record;
    if (severityNumber < levelOf(registry, INTERNAL_LOGGER_NAME).severityNumber) return;
    const ports = sinksOf(registry, INTERNAL_LOGGER_NAME).list.map((sink) => portOf(registry, sink));
    send(registry, ports, { severityNumber, record });
  } catch {
    loseWithoutSink(registry, "sink_error");
  } finally {
    registry.reporting = false;
  }
}

/** Reports what is worth saying once in the life of the process: an attribute that should or should not be there. */
export function reportOnce(registry: Registry, diagnostic: Diagnostic): void {
  const what = `${diagnostic.event} ${diagnostic.attributePath}`;
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
    countersOf: (id) => registry.metrics.sink(id),
  };
}
