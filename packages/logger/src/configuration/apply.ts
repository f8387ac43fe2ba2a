import { type Sink, systemClock } from "@dagstack/logger-core";
import { assembleResource, detectFacts } from "../context/index.ts";
import { configuredSinks, type Registry, touch } from "../registry/index.ts";
import { portOf, report, reportOnce, reportSharedInternalSinks, useClock } from "../reporting/index.ts";
import type { ConfigurationPlan } from "./options.ts";

/** Puts a checked configuration into force, at once and completely. */
export function apply(registry: Registry, plan: ConfigurationPlan): void {
  const before = configuredSinks(registry);
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
  const { resource, serviceNameMissing, issues } = assembleResource(plan.resource, detectFacts());
  useClock(registry, plan.clock ?? systemClock);
  registry.configuration = Object.freeze({
    resource,
    resourceIssues: issues,
    redactor: plan.redactor,
    redactionFrom: plan.redactionGiven ? "configure" : "default",
    ...plan.settings,
  });
  registry.closed = false;
  touch(registry);
  retireUnused(registry, before);
  reportNoteworthy(registry, plan, serviceNameMissing);
}

function retireUnused(registry: Registry, before: ReadonlySet<Sink>): void {
  const after = configuredSinks(registry);
  for (const sink of after) portOf(registry, sink).reuse();
  const { clock, configuration, retirement } = registry;
  for (const sink of before) {
    const port = portOf(registry, sink);
    if (after.has(sink) || port.closed) continue;
    retirement.start(port, configuration.flushTimeoutMs, clock, () => configuredSinks(registry).has(sink));
  }
  if (registry.nodes.get("").sinks !== null) registry.defaultSink = undefined;
}

function reportNoteworthy(registry: Registry, plan: ConfigurationPlan, serviceNameMissing: boolean): void {
  if (plan.redactor.masksNothing && plan.warnsOfNoRedaction) {
    report(registry, {
      event: "redaction_disabled",
      reason: "replaceDefaults without extraSuffixes, names and paths: nothing is masked",
    });
  }
  for (const key of Object.keys(registry.configuration.resource.attributes)) {
    if (plan.redactor.isSecret(key)) reportOnce(registry, { event: "resource_secret", attributePath: key });
  }
  if (serviceNameMissing) {
    reportOnce(registry, {
      event: "resource_incomplete",
      attributePath: "service.name",
      reason: 'no service.name: set configure({ resource: { "service.name": … } }) or OTEL_SERVICE_NAME',
    });
  }
  reportSharedInternalSinks(registry);
}
