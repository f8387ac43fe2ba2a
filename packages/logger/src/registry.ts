/** The one state of this process that all loggers share, whichever copy of the package they come from. */
import {
  type Clock,
  createRedactor,
  DEFAULT_MAX_RECORD_BYTES,
  DEFAULT_SEVERITY,
  type Diagnostic,
  describeError,
  FlushAccount,
  INTERNAL_LOGGER_NAME,
  Ledger,
  type Redactor,
  type Resource,
  type Sink,
  systemClock,
} from "@dagstack/logger-core";
import { ConsoleSink } from "@dagstack/sink-console";
import { createLineLane } from "#line-lane";
import { Captures } from "./captures.ts";
import type { Outgoing } from "./emission.ts";
import { fanOut } from "./fan-out.ts";
import { DEFAULT_BAGGAGE_KEYS } from "./generated/baggage-keys.ts";
import { diagnosticRecord, InternalStderrSink, StormGuard } from "./internal-logger.ts";
import { type LoggerNode, LoggerNodes, type SettingOrigin, type Threshold } from "./logger-node.ts";
import { ProcessMetrics } from "./metrics.ts";
import { openTelemetryContextReader } from "./opentelemetry-context.ts";
import type { Settings } from "./options.ts";
import { assembleResource, detectFacts } from "./resource.ts";
import { Retirement } from "./retirement.ts";
import type { SinkCounters } from "./sink-counters.ts";
import { sinkId } from "./sink-id.ts";
import { SinkPort, type SinkPortHost } from "./sink-port.ts";
import { SinkPorts } from "./sink-ports.ts";

/** The sink id under which losses are counted that concern no sink in particular. */
export const NO_SINK_ID = "*";

/** Scope attributes may have keys without end; this many are told of. */
const MAX_REPORTED_ONCE = 1000;

/** What holds for every record until the next `configure`. Immutable: each record uses the one it read at its start. */
export interface Configuration extends Settings {
  readonly resource: Resource;
  readonly redactor: Redactor;
  readonly redactionFrom: SettingOrigin;
}

/** See the file's comment. Public members are shared between copies of the package: they may grow, not change. */
export class Registry implements SinkPortHost {
  /** Raised by every change that handles must notice. */
  epoch = 1;
  /** Raised by `configure`, not by `reconfigure`: a handle of an older configuration closes nothing. */
  generation = 0;
  /** After `Logger.close()`, until the next `configure()`. */
  closed = false;
  readonly nodes: LoggerNodes = new LoggerNodes();
  readonly metrics: ProcessMetrics = new ProcessMetrics(this.nodes);
  readonly ports: SinkPorts = new SinkPorts((sink) => new SinkPort(sink, this));
  readonly captures: Captures = new Captures();
  configuration: Configuration = defaultConfiguration();
  /** Sinks of earlier configurations that are being closed. */
  readonly retirement: Retirement = new Retirement();
  /** The last `reconfigure` under way. */
  reconfiguring: Promise<void> = Promise.resolve();
  exitHooksInstalled = false;
  flushedAtNaturalEnd = false;
  /** While the `exit` event is handled, or about to be: nothing asynchronous will happen any more. */
  exiting = false;
  /** Turns losses that concern no sink into flush results. */
  declare readonly lossesWithoutSink: FlushAccount;
  readonly #lostWithoutSink = new Ledger();
  readonly #storms = new StormGuard();
  readonly #internalSink: InternalStderrSink = new InternalStderrSink(
    () => this.clock.now(),
    (error) => this.metrics.sink(this.#internalSink.id).countError(describeError(error).type),
    () => this.exiting,
  );
  #defaultSink: Sink | undefined;
  #clock: Clock = systemClock;
  readonly #lineLane = createLineLane();
  #reporting = false;
  readonly #reportedOnce = new Set<string>();

  constructor() {
    this.lossesWithoutSink = new FlushAccount(NO_SINK_ID, this.#lostWithoutSink);
  }

  get clock(): Clock {
    return this.#clock;
  }

  useClock(clock: Clock | undefined): void {
    this.#clock = clock ?? systemClock;
  }

  countersOf(id: string): SinkCounters {
    return this.metrics.sink(id);
  }

  random(this: void): number {
    return Math.random();
  }

  /** Makes every handle look again. */
  touch(): void {
    this.epoch += 1;
    for (const node of this.nodes) {
      if (node.threshold === null) continue;
      node.threshold.minimum = 0;
      node.threshold = null;
    }
  }

  /** The level of a name, shared by all handles that take theirs from it. */
  threshold(node: LoggerNode): Threshold {
    node.threshold ??= { minimum: this.level(node.name).severityNumber };
    return node.threshold;
  }

  level(name: string): { readonly severityNumber: number; readonly from: SettingOrigin; readonly node: string } {
    for (const node of this.nodes.lineage(name)) {
      if (node.level !== null) return { ...node.level, node: node.name };
    }
    return { severityNumber: DEFAULT_SEVERITY, from: "default", node: "" };
  }

  sinks(name: string): { readonly list: readonly Sink[]; readonly from: SettingOrigin; readonly node: string } {
    for (const node of this.nodes.lineage(name)) {
      if (node.sinks !== null) return { ...node.sinks, node: node.name };
    }
    const fallback: Sink = name === INTERNAL_LOGGER_NAME ? this.#internalSink : this.#consoleSink();
    return { list: [fallback], from: "default", node: "" };
  }

  /** Every distinct sink that some logger writes to now. */
  configuredSinks(): Set<Sink> {
    const sinks = new Set<Sink>();
    for (const node of this.nodes) for (const sink of node.sinks?.list ?? []) sinks.add(sink);
    if (this.#defaultSink !== undefined && this.nodes.get("").sinks === null) sinks.add(this.#defaultSink);
    return sinks;
  }

  /** Warns of internal sinks that the root writes to as well: its trouble would then be told to itself (§7.4). */
  noteSharedInternalSinks(): void {
    const rootSinks = this.nodes.get("").sinks?.list ?? [];
    for (const sink of this.nodes.get(INTERNAL_LOGGER_NAME).sinks?.list ?? []) {
      if (rootSinks.includes(sink)) this.report({ event: "shared_internal_sink", sinkId: sinkId(sink) });
    }
  }

  /** Hands a log call to those that want it; see `fanOut`. */
  send(ports: readonly SinkPort[], outgoing: Outgoing): void {
    fanOut(ports, outgoing, this.#clock, this.#lineLane);
    if (this.exiting) for (const port of ports) port.flushSync();
  }

  /** Counts a record that was lost before any sink could be asked. */
  loseWithoutSink(reason: "scope_ended" | "sink_error"): void {
    const { ledger } = this.metrics.sink(NO_SINK_ID);
    ledger.accept();
    ledger.drop(1, reason);
    this.#lostWithoutSink.drop(1, reason);
  }

  /** Writes a diagnostic on the internal logger (§7.4). Never throws and never loops. */
  report(diagnostic: Diagnostic): void {
    if (this.#reporting) return; // a sink of the internal logger failed while writing: its ledger has the count
    this.#reporting = true;
    try {
      const passed = this.#storms.pass(diagnostic, this.clock.monotonicMs());
      if (passed === undefined) return;
      const record = diagnosticRecord(
        passed.diagnostic,
        passed.suppressed,
        this.clock.now(),
        this.configuration.resource,
      );
      const { severityNumber } = record;
      if (severityNumber < this.level(INTERNAL_LOGGER_NAME).severityNumber) return;
      const ports = this.sinks(INTERNAL_LOGGER_NAME).list.map((sink) => this.ports.of(sink));
      this.send(ports, { severityNumber, record });
    } catch {
      this.loseWithoutSink("sink_error");
    } finally {
      this.#reporting = false;
    }
  }

  /** Reports what is worth saying once in the life of the process: an attribute that should or should not be there. */
  reportOnce(diagnostic: Diagnostic): void {
    const what = `${diagnostic.event} ${diagnostic.attributePath}`;
    if (this.#reportedOnce.has(what) || this.#reportedOnce.size >= MAX_REPORTED_ONCE) return;
    this.#reportedOnce.add(what);
    this.report(diagnostic);
  }

  /** Reports a coercion once per logger and kind (§1.4). */
  reportMalformed(node: LoggerNode, kind: string, attributePath: string, errorType?: string): void {
    const reason = errorType === undefined ? kind : `${kind}: ${errorType}`;
    if (node.reported.has(kind)) return;
    node.reported.add(kind);
    this.report({
      event: "record_malformed",
      loggerName: node.name === "" ? "root" : node.name,
      reason,
      ...(attributePath === "" ? {} : { attributePath }),
    });
  }

  /** Everything back to defaults; counters zero; sinks are left to their owners. For tests. */
  reset(): void {
    for (const node of this.nodes) {
      node.level = null;
      node.sinks = null;
      node.reported.clear();
    }
    this.configuration = defaultConfiguration();
    this.closed = false;
    this.generation += 1;
    this.#defaultSink = undefined;
    this.#clock = systemClock;
    this.#storms.reset();
    this.#reportedOnce.clear();
    this.ports.forgetScoped();
    this.retirement.forget();
    this.reconfiguring = Promise.resolve();
    this.lossesWithoutSink.begin().result();
    this.metrics.reset();
    for (const port of this.ports.all()) port.books.countAnew();
    this.touch();
  }

  #consoleSink(): Sink {
    this.#defaultSink ??= new ConsoleSink();
    return this.#defaultSink;
  }

  /** The default console sink was closed: the next record that needs one gets a new one. */
  forgetDefaultSink(): void {
    this.#defaultSink = undefined;
  }
}

function defaultConfiguration(): Configuration {
  return Object.freeze({
    resource: assembleResource({}, detectFacts()).resource,
    redactor: createRedactor(),
    redactionFrom: "default",
    autoInjectTraceContext: true,
    baggageKeys: DEFAULT_BAGGAGE_KEYS,
    contextReader: openTelemetryContextReader,
    maxRecordBytes: DEFAULT_MAX_RECORD_BYTES,
    flushTimeoutMs: 5000,
    exitFlushMs: 2000,
  });
}

const REGISTRY_KEY = Symbol.for("dagstack.logger.registry");

/** The registry of this process, made by whichever copy of the package came first. */
export function processRegistry(): Registry {
  const holder = globalThis as { [REGISTRY_KEY]?: Registry };
  const existing = holder[REGISTRY_KEY];
  if (existing !== undefined) return existing;
  const registry = new Registry();
  Object.defineProperty(globalThis, REGISTRY_KEY, { value: registry, enumerable: false, configurable: true });
  return registry;
}
