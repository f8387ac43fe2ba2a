import { clampSeverity, type FlushResult, type Level, levelNumber, parseLevel, type Sink } from "@dagstack/logger-core";
import { checkedSinks } from "./configuration/index.ts";
import { type ContextSource, passedOn } from "./context/index.ts";
import { closeEverything, closeSinks, flushEverything, flushSinks } from "./process/index.ts";
import { type AttributeInput, BoundAttributes, exceptionParts, type MessageComesFirst } from "./record/index.ts";
import { type Metrics, processRegistry, type Registry, reset, type Threshold } from "./registry/index.ts";
import {
  ASK_FIRST,
  clamped,
  DEBUG,
  type Emitter,
  ERROR,
  emit,
  exceptionSeverity,
  FATAL,
  Handles,
  INFO,
  planScope,
  type Routing,
  ScopedBlock,
  type ScopeOptions,
  type ScopePlan,
  TRACE,
  WARN,
} from "./routing/index.ts";

const handles = /* @__PURE__ */ new Handles<Logger>();

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
    return handles.get(name, version, scopeAttributes, (emitter, routing) => new Logger(emitter, routing, ASK_FIRST));
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
    reset(processRegistry());
  }

  /** The logger's own counters (§12). */
  static get metrics(): Metrics {
    return processRegistry().metrics;
  }

  /** A copy of the secret suffixes in force (§10.4). */
  static effectiveSecretSuffixes(): readonly string[] {
    return [...processRegistry().configuration.redactor.suffixes];
  }

  /** A copy of the secret names in force, lower case, without `-` and `_`. */
  static effectiveSecretNames(): readonly string[] {
    return [...processRegistry().configuration.redactor.names];
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
    const severity = clamped(this.#emitter.identity, severityNumber);
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
    const severity = exceptionSeverity(this.#emitter.identity, options);
    if (severity < this.#minimum()) return;
    const { redactor } = this.#routing.route;
    const parts = exceptionParts(error, options, redactor, this.#emitter.identity.report, this.exception);
    this.#emit(severity, parts.body, attributes, parts.attributes);
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
    return this.#derive(this.#emitter.bound, { kind: "none", hidden: passedOn(this.#emitter.contextSource) });
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
    const { bound, block: outer } = this.#emitter;
    const block = new ScopedBlock(outer);
    const scope = planScope(this.#registry, { sinks: checkedSinks(sinks, "sinks") });
    return block.run(this.#registry, scope, () => fn(this.#derive(bound, undefined, scope, block)));
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

  /** A copy of the secret names that hold for this logger. */
  effectiveSecretNames(): readonly string[] {
    return [...this.#routing.route.redactor.names];
  }

  #derive(
    bound: BoundAttributes | null,
    contextSource: ContextSource = passedOn(this.#emitter.contextSource),
    scope: ScopePlan | null = null,
    block: ScopedBlock | null = this.#emitter.block,
  ): Logger {
    const { identity } = this.#emitter;
    const threshold = scope === null ? this.#threshold : ASK_FIRST;
    return new Logger({ identity, bound, contextSource, block }, this.#routing.derive(scope), threshold);
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
