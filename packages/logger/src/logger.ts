import {
  type Attributes,
  buildAttributes,
  clampSeverity,
  type FlushResult,
  type InstrumentationScope,
  type Level,
  levelNumber,
  parseLevel,
  Severity,
  type Sink,
} from "@dagstack/logger-core";
import { BoundAttributes } from "./bound-attributes.ts";
import { type ContextSource, type Emitter, emit, type Route } from "./emit.ts";
import { exceptionAttributes, exceptionBody } from "./exception.ts";
import { installExitHooks } from "./exit-hooks.ts";
import { nodeName } from "./logger-node.ts";
import type { Metrics } from "./metrics.ts";
import { closeEverything, closeSinks, flushEverything, flushSinks } from "./process-flush.ts";
import { processRegistry, type Registry } from "./registry.ts";
import { planScope, type ScopeOptions, type ScopePlan } from "./scope.ts";
import { ScopedBlock } from "./scoped-block.ts";
import { checkedSinks } from "./sink-list.ts";
import type { SinkPort } from "./sink-port.ts";

/**
 * Attributes of a call or of a child: a map, flat by convention. Any value is accepted; what is no `Value` is
 * normalised (§1.4). An Error becomes `exception.*` attributes.
 */
export type AttributeInput = object;

/** The type error of pino's argument order. */
export type MessageComesFirst = "message first, then attributes: log.info(message, attributes)";

const AMBIENT: ContextSource = Object.freeze({ kind: "ambient" });

/** What a derived handle changes against the one it was made from. */
interface Derivation {
  readonly bound?: BoundAttributes | null;
  readonly contextSource?: ContextSource;
  readonly scope?: ScopePlan;
  readonly block?: ScopedBlock;
}

/**
 * A named logger (§3). Handles are cheap; loggers of one name share level and sinks. Logging never throws and never
 * waits: trouble goes to `dagstack.logger.internal` and is counted.
 */
export class Logger {
  readonly #registry: Registry;
  readonly #parent: Logger | null;
  readonly #emitter: Emitter;
  readonly #scope: ScopePlan | null;
  #ownLevel: number | null = null;
  #ownSinks: readonly SinkPort[] | null = null;
  /** Valid while `#epoch` is the registry's. */
  #epoch = 0;
  #threshold = 0;
  #route: Route | undefined;

  private constructor(
    registry: Registry,
    scope: InstrumentationScope,
    parent: Logger | null,
    derivation: Derivation = {},
  ) {
    const { contextSource = AMBIENT, bound = null, block = null } = derivation;
    const node = registry.nodes.get(scope.name);
    node.hasLogger = true;
    this.#registry = registry;
    this.#parent = parent;
    this.#scope = derivation.scope ?? null;
    this.#ownLevel = derivation.scope?.minSeverity ?? null;
    this.#emitter = {
      registry,
      node,
      scope,
      bound,
      contextSource,
      block,
      reportCoercion: (kind, path, errorType) => registry.reportMalformed(node, kind, path, errorType),
    };
  }

  /**
   * The logger of a name (§3.1). `""` and `"root"` are the root. The same name and version give the same handle.
   *
   * @param version of the code that logs, such as a package version: part of the scope on every record (D-17).
   * @param scopeAttributes describe the code that logs; they are not redacted.
   */
  static get(name = "", version: string | null = null, scopeAttributes?: AttributeInput): Logger {
    const registry = processRegistry();
    const scopeName = textOf(name) || "root";
    const scopeVersion = version === null ? null : textOf(version) || null;
    const key = JSON.stringify([scopeName, scopeVersion]);
    const known = scopeAttributes === undefined ? handles.get(key) : undefined;
    if (known !== undefined) return known;
    const attributes = buildAttributes([scopeAttributes], null);
    reportSecretKeys(registry, attributes);
    const scope = Object.freeze({ name: scopeName, version: scopeVersion, attributes });
    const logger = new Logger(registry, scope, null);
    if (scopeAttributes === undefined) handles.set(key, logger);
    return logger;
  }

  /** Flushes every sink of the process under one deadline (§13). Never rejects. */
  static flush(timeoutMs?: number): Promise<FlushResult> {
    return flushEverything(processRegistry(), timeoutMs);
  }

  /**
   * Flushes and closes every sink of the process (D-49). Later records are dropped and counted as `closed` until the
   * next `configure()`. Never rejects.
   */
  static close(timeoutMs?: number): Promise<FlushResult> {
    return closeEverything(processRegistry(), timeoutMs);
  }

  /** Everything back to defaults, counters zero; sinks are left to their owners, handles stay usable. For tests. */
  static reset(): void {
    processRegistry().reset();
  }

  /** The logger's own counters (§12). */
  static get metrics(): Metrics {
    return processRegistry().metrics;
  }

  /** A copy of the secret suffixes in force (§10.4). */
  static effectiveSecretSuffixes(): readonly string[] {
    return [...processRegistry().configuration.redactor.suffixes];
  }

  get name(): string {
    return this.#emitter.scope.name;
  }

  get version(): string | null {
    return this.#emitter.scope.version;
  }

  trace(body: unknown, attributes?: AttributeInput): void;
  trace(attributes: object, message: MessageComesFirst): void;
  trace(body: unknown, attributes?: unknown): void {
    if (Severity.TRACE >= this.#minimum()) this.#emit(Severity.TRACE, body, attributes);
  }

  debug(body: unknown, attributes?: AttributeInput): void;
  debug(attributes: object, message: MessageComesFirst): void;
  debug(body: unknown, attributes?: unknown): void {
    if (Severity.DEBUG >= this.#minimum()) this.#emit(Severity.DEBUG, body, attributes);
  }

  info(body: unknown, attributes?: AttributeInput): void;
  info(attributes: object, message: MessageComesFirst): void;
  info(body: unknown, attributes?: unknown): void {
    if (Severity.INFO >= this.#minimum()) this.#emit(Severity.INFO, body, attributes);
  }

  warn(body: unknown, attributes?: AttributeInput): void;
  warn(attributes: object, message: MessageComesFirst): void;
  warn(body: unknown, attributes?: unknown): void {
    if (Severity.WARN >= this.#minimum()) this.#emit(Severity.WARN, body, attributes);
  }

  error(body: unknown, attributes?: AttributeInput): void;
  error(attributes: object, message: MessageComesFirst): void;
  error(body: unknown, attributes?: unknown): void {
    if (Severity.ERROR >= this.#minimum()) this.#emit(Severity.ERROR, body, attributes);
  }

  /** Does not end the process (§2). */
  fatal(body: unknown, attributes?: AttributeInput): void;
  fatal(attributes: object, message: MessageComesFirst): void;
  fatal(body: unknown, attributes?: unknown): void {
    if (Severity.FATAL >= this.#minimum()) this.#emit(Severity.FATAL, body, attributes);
  }

  /** Emits at any of the 24 severities. A number that is none is clamped and reported once (D-21). */
  log(severityNumber: number, body: unknown, attributes?: AttributeInput): void {
    const severity = this.#clamped(severityNumber);
    if (severity >= this.#minimum()) this.#emit(severity, body, attributes);
  }

  /**
   * Emits a caught value at ERROR with `exception.*` attributes, its causes and, for an AggregateError, its errors
   * (§3.2). Takes anything that can be thrown.
   *
   * @param options `body` instead of the message, `severityNumber` instead of ERROR.
   */
  exception(
    error: unknown,
    attributes?: AttributeInput,
    options: { readonly body?: unknown; readonly severityNumber?: number } = {},
  ): void {
    const severity = this.#clamped(readOption(options, "severityNumber") ?? Severity.ERROR);
    if (severity < this.#minimum()) return;
    const { redactor } = this.#currentRoute();
    const helper = exceptionAttributes(error, redactor, this.exception);
    this.#emit(severity, readOption(options, "body") ?? exceptionBody(helper), attributes, helper);
  }

  /** Whether a record of this level would be emitted. Anything that is no level counts as INFO. */
  isEnabled(level: Level): boolean {
    return (levelNumber(level) ?? clampSeverity(level)) >= this.#minimum();
  }

  /** A handle that adds attributes to each of its records; the innermost wins (§3.3). */
  with(attributes: AttributeInput): Logger {
    const { redactor } = this.#currentRoute();
    const { bound, reportCoercion } = this.#emitter;
    return this.#derive({ bound: new BoundAttributes(bound, attributes, redactor, reportCoercion) });
  }

  /** The same as `with` (D-18). */
  child(attributes: AttributeInput): Logger {
    return this.with(attributes);
  }

  /** A handle, and handles made from it, that takes trace and baggage from this context and never from the ambient one. */
  withContext(context: unknown): Logger {
    return this.#derive({ contextSource: { kind: "explicit", context } });
  }

  /** A handle whose own records carry no trace, no baggage and no other ambient state. It does not pass on (D-28). */
  withoutContext(): Logger {
    return this.#derive({ contextSource: { kind: "none", hidden: this.#passedOnContext() } });
  }

  /**
   * Sets the level of this name, or of this handle if it was made by `with()` or a scope.
   *
   * @throws ConfigError when it is no level.
   */
  setLevel(level: Level): void {
    const severityNumber = parseLevel(level);
    if (this.#parent === null) this.#emitter.node.level = { severityNumber, from: "setLevel" };
    else this.#ownLevel = severityNumber;
    this.#registry.touch();
  }

  /** The same as `setLevel`. */
  setMinSeverity(severityNumber: Level): void {
    this.setLevel(severityNumber);
  }

  /**
   * Replaces the sinks of this name, or of this handle if it was made by `with()` or a scope; `[]` means none. The
   * sinks replaced are left to their owners.
   *
   * @throws ConfigError when something is no sink or an id stands twice.
   */
  setSinks(sinks: readonly Sink[]): void {
    const list = checkedSinks(sinks, "sinks");
    if (this.#parent === null) this.#emitter.node.sinks = { list, from: "setSinks" };
    else this.#ownSinks = list.map((sink) => this.#registry.ports.ofScoped(sink));
    this.#registry.noteSharedInternalSinks();
    this.#registry.touch();
  }

  /** A handle that writes to these sinks instead of the inherited ones (§6.1). They stay the caller's to close. */
  withSinks(sinks: readonly Sink[]): Logger {
    return this.scoped({ sinks: checkedSinks(sinks, "sinks") });
  }

  /** A handle that writes to these sinks as well as to the inherited ones (§6.1). */
  appendSinks(sinks: readonly Sink[]): Logger {
    return this.scoped({ appendSinks: checkedSinks(sinks, "appendSinks") });
  }

  /** A handle that writes nowhere (§6.1). */
  withoutSinks(): Logger {
    return this.scoped({ sinks: [] });
  }

  /**
   * A handle with other sinks, another level or another redaction (§6.1).
   *
   * @throws ConfigError when an option is wrong.
   */
  scoped(options: ScopeOptions): Logger {
    return this.#derive({ scope: planScope(this.#registry, options) });
  }

  /**
   * Runs `fn` with a handle that writes to these sinks only (§6.2). Nobody else's records reach them: `Logger.get` inside
   * `fn` writes to the global sinks. When `fn` is done the sinks are flushed, not closed, and the handle and all made
   * from it are ended: what they log later is dropped, counted as `scope_ended` and reported once (D-48).
   *
   * @returns what `fn` returns; rejects with what it throws.
   */
  async withScopedSinks<T>(sinks: readonly Sink[], fn: (scoped: Logger) => T | Promise<T>): Promise<T> {
    const block = new ScopedBlock(this.#emitter.block);
    const scope = planScope(this.#registry, { sinks: checkedSinks(sinks, "sinks") });
    const scoped = this.#derive({ scope, block });
    try {
      return await fn(scoped);
    } finally {
      block.end();
      await flushSinks(this.#registry, scope.sinks?.ports ?? []);
    }
  }

  /** The same as `withScopedSinks` (D-46). */
  scopeSinks<T>(sinks: readonly Sink[], fn: (scoped: Logger) => T | Promise<T>): Promise<T> {
    return this.withScopedSinks(sinks, fn);
  }

  /** Flushes the sinks that this logger writes to. Never rejects. */
  flush(timeoutMs?: number): Promise<FlushResult> {
    return flushSinks(this.#registry, this.#allPorts(), timeoutMs);
  }

  /**
   * Flushes and closes what this logger owns: the sinks set on its very name, or those its scope brought. Inherited
   * sinks are not touched (D-49). Never rejects.
   */
  close(timeoutMs?: number): Promise<FlushResult> {
    const own =
      this.#parent === null
        ? this.#emitter.node.sinks?.list.map((sink) => this.#registry.ports.of(sink))
        : this.#ownSinks;
    return closeSinks(this.#registry, own ?? this.#scope?.sinks?.ports ?? [], timeoutMs);
  }

  /** The severity number below which this logger emits nothing. */
  effectiveLevel(): number {
    return this.#minimum();
  }

  /** The sinks that this logger writes to. */
  effectiveSinks(): readonly Sink[] {
    return this.#allPorts().map((port) => port.sink);
  }

  /** A copy of the secret suffixes that hold for this logger. */
  effectiveSecretSuffixes(): readonly string[] {
    return [...this.#currentRoute().redactor.suffixes];
  }

  #derive(change: Derivation): Logger {
    const { bound, block, scope } = this.#emitter;
    return new Logger(this.#registry, scope, this, {
      bound,
      contextSource: this.#passedOnContext(),
      ...(block === null ? {} : { block }),
      ...change,
    });
  }

  #passedOnContext(): ContextSource {
    const { contextSource } = this.#emitter;
    return contextSource.kind === "none" ? contextSource.hidden : contextSource;
  }

  #clamped(severityNumber: unknown): number {
    const severity = clampSeverity(severityNumber);
    if (severity !== severityNumber) this.#registry.reportMalformed(this.#emitter.node, "severity_out_of_range", "");
    return severity;
  }

  #emit(severityNumber: number, body: unknown, attributes: unknown, helper?: unknown): void {
    emit(this.#emitter, this.#route as Route, severityNumber, body, attributes, helper);
  }

  /** The level test: one compare of the epoch, one of the severity by the caller. */
  #minimum(): number {
    if (this.#epoch !== this.#registry.epoch) this.#look();
    return this.#threshold;
  }

  #currentRoute(): Route {
    if (this.#epoch !== this.#registry.epoch || this.#route === undefined) this.#look();
    return this.#route as Route;
  }

  #allPorts(): SinkPort[] {
    const { configured, scoped } = this.#currentRoute();
    return [...new Set([...configured, ...scoped])];
  }

  /** Works out level and route anew, after something changed: outermost handle first, for chains may be long. */
  #look(): void {
    const stale: Logger[] = [];
    for (let at: Logger | null = this; at !== null && at.#epoch !== this.#registry.epoch; at = at.#parent)
      stale.push(at);
    for (let handle = stale.pop(); handle !== undefined; handle = stale.pop()) handle.#lookAtParent();
  }

  #lookAtParent(): void {
    const registry = this.#registry;
    const inherited = this.#parent === null ? this.#nodeRoute() : this.#parent.#currentRoute();
    const { sinks, redaction } = this.#scope ?? {};
    let { configured, scoped } = inherited;
    if (sinks !== undefined) {
      // A sink that is there already is not written to twice.
      const others = (ports: readonly SinkPort[]) => ports.filter((port) => !sinks.ports.includes(port));
      configured = sinks.mode === "replace" ? [] : others(configured);
      scoped = sinks.mode === "replace" ? sinks.ports : [...others(scoped), ...sinks.ports];
    }
    if (this.#ownSinks !== null) {
      configured = this.#ownSinks;
      scoped = [];
    }
    const redactor = redaction?.over(inherited.redactor) ?? inherited.redactor;
    this.#threshold =
      this.#ownLevel ??
      (this.#parent === null ? registry.level(nodeName(this.name)).severityNumber : this.#parent.#minimum());
    this.#route = { configuration: registry.configuration, redactor, configured, scoped };
    this.#epoch = registry.epoch;
    installExitHooks(registry);
  }

  #nodeRoute(): Route {
    const registry = this.#registry;
    const { configuration } = registry;
    const configured = registry.sinks(nodeName(this.name)).list.map((sink) => registry.ports.of(sink));
    return { configuration, redactor: configuration.redactor, configured, scoped: [] };
  }
}

const handles = new Map<string, Logger>();

/** The text of a name or version, whatever came: without lone surrogates, which no wire format can hold. */
function textOf(name: unknown): string {
  try {
    return String(name).toWellFormed();
  } catch {
    return "[Unreadable]"; // an object that refuses to be text: its records arrive, under this name
  }
}

/** An option of a log call; one that cannot be read is as good as none. */
function readOption(options: unknown, name: string): unknown {
  try {
    return (options as Record<string, unknown> | null)?.[name];
  } catch {
    return undefined; // a throwing getter or a revoked proxy: the record is emitted with the default
  }
}

function reportSecretKeys(registry: Registry, attributes: Attributes): void {
  for (const key of Object.keys(attributes)) {
    if (registry.configuration.redactor.isSecret(key))
      registry.reportOnce({ event: "resource_secret", attributePath: key });
  }
}
