import {
  type CoercionReport,
  clampSeverity,
  type FlushResult,
  type Level,
  levelNumber,
  parseLevel,
  type Severity,
  type Sink,
} from "@dagstack/logger-core";
import { BoundAttributes } from "./bound-attributes.ts";
import { type Emitter, emit } from "./emit.ts";
import { exceptionAttributes, exceptionBody } from "./exception.ts";
import { instrumentationScope, scopeIdentity } from "./instrumentation-scope.ts";
import type { Threshold } from "./logger-node.ts";
import type { Metrics } from "./metrics.ts";
import { closeEverything, closeSinks, flushEverything, flushSinks } from "./process-flush.ts";
import type { ContextSource } from "./read-context.ts";
import { processRegistry, type Registry } from "./registry.ts";
import { Routing } from "./routing.ts";
import { planScope, type ScopeOptions, type ScopePlan } from "./scope.ts";
import { ScopedBlock } from "./scoped-block.ts";
import { checkedSinks } from "./sink-list.ts";

/**
 * Attributes of a call or of a child: a map, flat by convention. Any value is accepted; what is no `Value` is
 * normalised (§1.4). An Error becomes `exception.*` attributes.
 */
export type AttributeInput = object;

/** The type error of pino's argument order. */
export type MessageComesFirst = "message first, then attributes: log.info(message, attributes)";

const AMBIENT: ContextSource = { kind: "ambient" };

// Looking up a member of `Severity` would cost as much as the level test does.
const TRACE: typeof Severity.TRACE = 1;
const DEBUG: typeof Severity.DEBUG = 5;
const INFO: typeof Severity.INFO = 9;
const WARN: typeof Severity.WARN = 13;
const ERROR: typeof Severity.ERROR = 17;
const FATAL: typeof Severity.FATAL = 21;

/** The threshold of a handle that has not asked for its own. */
const ASK_FIRST: Threshold = Object.freeze({ minimum: 0 });

/**
 * A named logger (§3). Handles are cheap; loggers of one name share level and sinks. Logging never throws and never
 * waits: trouble goes to `dagstack.logger.internal` and is counted.
 */
export class Logger {
  /** What the level test of every call reads, and nothing else. */
  #threshold: Threshold;
  readonly #routing: Routing;
  readonly #emitter: Emitter;
  readonly #registry: Registry;

  private constructor(emitter: Emitter, routing: Routing, threshold: Threshold) {
    this.#emitter = emitter;
    this.#registry = emitter.identity.registry;
    this.#routing = routing;
    this.#threshold = threshold;
  }

  /**
   * The logger of a name (§3.1). `""` and `"root"` are the root. The same name and version give the same handle.
   *
   * @param version of the code that logs, such as a package version: part of the scope on every record (D-17).
   * @param scopeAttributes describe the code that logs; they are not redacted.
   */
  static get(name = "", version: string | null = null, scopeAttributes?: AttributeInput): Logger {
    const registry = processRegistry();
    const identity = scopeIdentity(name, version);
    const key = JSON.stringify([identity.name, identity.version]);
    const known = scopeAttributes === undefined ? handles.get(key) : undefined;
    if (known !== undefined) return known;
    const scope = instrumentationScope(registry, identity, scopeAttributes);
    const node = registry.nodes.get(scope.name);
    node.hasLogger = true;
    const report: CoercionReport = (kind, path, type) => registry.reportMalformed(node, kind, path, type);
    const emitter: Emitter = {
      identity: { registry, node, scope, report },
      bound: null,
      contextSource: AMBIENT,
      block: null,
    };
    const logger = new Logger(emitter, new Routing(registry, node, null, null), ASK_FIRST);
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
    return this.#emitter.identity.scope.name;
  }

  get version(): string | null {
    return this.#emitter.identity.scope.version;
  }

  trace(body: unknown, attributes?: AttributeInput): void;
  trace(attributes: object, message: MessageComesFirst): void;
  trace(body: unknown, attributes?: unknown): void {
    if (TRACE >= this.#threshold.minimum) this.#emit(TRACE, body, attributes);
  }

  debug(body: unknown, attributes?: AttributeInput): void;
  debug(attributes: object, message: MessageComesFirst): void;
  debug(body: unknown, attributes?: unknown): void {
    if (DEBUG >= this.#threshold.minimum) this.#emit(DEBUG, body, attributes);
  }

  info(body: unknown, attributes?: AttributeInput): void;
  info(attributes: object, message: MessageComesFirst): void;
  info(body: unknown, attributes?: unknown): void {
    if (INFO >= this.#threshold.minimum) this.#emit(INFO, body, attributes);
  }

  warn(body: unknown, attributes?: AttributeInput): void;
  warn(attributes: object, message: MessageComesFirst): void;
  warn(body: unknown, attributes?: unknown): void {
    if (WARN >= this.#threshold.minimum) this.#emit(WARN, body, attributes);
  }

  error(body: unknown, attributes?: AttributeInput): void;
  error(attributes: object, message: MessageComesFirst): void;
  error(body: unknown, attributes?: unknown): void {
    if (ERROR >= this.#threshold.minimum) this.#emit(ERROR, body, attributes);
  }

  /** Does not end the process (§2). */
  fatal(body: unknown, attributes?: AttributeInput): void;
  fatal(attributes: object, message: MessageComesFirst): void;
  fatal(body: unknown, attributes?: unknown): void {
    if (FATAL >= this.#threshold.minimum) this.#emit(FATAL, body, attributes);
  }

  /** Emits at any of the 24 severities. A number that is none is clamped and reported once (D-21). */
  log(severityNumber: number, body: unknown, attributes?: AttributeInput): void {
    const severity = this.#clamped(severityNumber);
    if (severity >= this.#threshold.minimum) this.#emit(severity, body, attributes);
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
    const severity = this.#clamped(readOption(options, "severityNumber") ?? ERROR);
    if (severity < this.#minimum()) return;
    const { redactor } = this.#routing.route;
    const helper = exceptionAttributes(error, redactor, this.exception);
    const body = readOption(options, "body");
    this.#emit(severity, body === undefined ? exceptionBody(helper) : body, attributes, helper);
  }

  /** Whether a record of this level would be emitted. Anything that is no level counts as INFO. */
  isEnabled(level: Level): boolean {
    return (levelNumber(level) ?? clampSeverity(level)) >= this.#minimum();
  }

  /** A handle that adds attributes to each of its records; the innermost wins (§3.3). */
  with(attributes: AttributeInput): Logger {
    const { redactor } = this.#routing.route;
    const { identity, bound } = this.#emitter;
    return this.#derive(new BoundAttributes(bound, attributes, redactor, identity.report));
  }

  /** The same as `with` (D-18). */
  child(attributes: AttributeInput): Logger {
    return this.with(attributes);
  }

  /** A handle, and handles made from it, that takes trace and baggage from this context and never from the ambient one. */
  withContext(context: unknown): Logger {
    return this.#derive(this.#emitter.bound, { kind: "explicit", context });
  }

  /** A handle whose own records carry no trace, no baggage and no other ambient state. It does not pass on (D-28). */
  withoutContext(): Logger {
    return this.#derive(this.#emitter.bound, { kind: "none", hidden: this.#passedOnContext() });
  }

  /**
   * Sets the level of this name, or of this handle if it was made by `with()` or a scope.
   *
   * @throws ConfigError when it is no level.
   */
  setLevel(level: Level): void {
    this.#routing.setLevel(parseLevel(level));
    this.#threshold = ASK_FIRST;
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
    this.#routing.setSinks(checkedSinks(sinks, "sinks"));
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
    return this.#derive(this.#emitter.bound, undefined, planScope(this.#registry, options));
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
    const scoped = this.#derive(this.#emitter.bound, undefined, scope, block);
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
    return flushSinks(this.#registry, this.#routing.ports, timeoutMs);
  }

  /**
   * Flushes and closes what this logger owns: the sinks set on its very name, or those its scope brought. Inherited
   * sinks are not touched (D-49). Never rejects.
   */
  close(timeoutMs?: number): Promise<FlushResult> {
    return closeSinks(this.#registry, this.#routing.ownedPorts, timeoutMs);
  }

  /** The severity number below which this logger emits nothing. */
  effectiveLevel(): number {
    return this.#minimum();
  }

  /** The sinks that this logger writes to. */
  effectiveSinks(): readonly Sink[] {
    return this.#routing.ports.map((port) => port.sink);
  }

  /** A copy of the secret suffixes that hold for this logger. */
  effectiveSecretSuffixes(): readonly string[] {
    return [...this.#routing.route.redactor.suffixes];
  }

  #derive(
    bound: BoundAttributes | null,
    contextSource: ContextSource = this.#passedOnContext(),
    scope: ScopePlan | null = null,
    block: ScopedBlock | null = this.#emitter.block,
  ): Logger {
    const { identity } = this.#emitter;
    const routing = new Routing(identity.registry, identity.node, this.#routing, scope);
    const threshold = scope === null ? this.#threshold : ASK_FIRST;
    return new Logger({ identity, bound, contextSource, block }, routing, threshold);
  }

  #passedOnContext(): ContextSource {
    const { contextSource } = this.#emitter;
    return contextSource.kind === "none" ? contextSource.hidden : contextSource;
  }

  #clamped(severityNumber: unknown): number {
    const severity = clampSeverity(severityNumber);
    if (severity !== severityNumber)
      this.#registry.reportMalformed(this.#emitter.identity.node, "severity_out_of_range", "");
    return severity;
  }

  /** The level, looked up if it has changed. */
  #minimum(): number {
    if (this.#threshold.minimum === 0) this.#threshold = this.#routing.threshold;
    return this.#threshold.minimum;
  }

  /** The level test has passed, if only because the level is to be looked up. */
  #emit(severityNumber: number, body: unknown, attributes: unknown, helper?: unknown): void {
    if (severityNumber < this.#minimum()) return;
    emit(this.#emitter, this.#routing.route, severityNumber, body, attributes, helper);
  }
}

const handles = new Map<string, Logger>();

/** An option of a log call; one that cannot be read is as good as none. */
function readOption(options: unknown, name: string): unknown {
  try {
    return (options as Record<string, unknown> | null)?.[name];
  } catch {
    return undefined; // a throwing getter or a revoked proxy: the record is emitted with the default
  }
}
