import { type FlushResult, type Level, parseLevel, Severity, type Sink } from "@dagstack/logger-core";
import { checkedSinks } from "./configuration/index.ts";
import { closeEverything, closeSinks, flushEverything, flushSinks } from "./process/index.ts";
import type { AttributeInput, ExceptionOptions, MessageComesFirst } from "./record/index.ts";
import { type Metrics, processRegistry, reset, type Threshold } from "./registry/index.ts";
import {
  ASK_FIRST,
  asSeverity,
  bindTo,
  clamped,
  deriveEmitter,
  type Emitter,
  emit,
  emitException,
  exceptionSeverity,
  handleBehind,
  handleNamed,
  loseCall,
  NO_CONTEXT,
  planScope,
  type Routing,
  reportUnused,
  ScopedBlock,
  type ScopeOptions,
  type ScopePlan,
  tellInConsoles,
} from "./routing/index.ts";

// Looking up a member of `Severity` would cost as much as the level test does.
const { TRACE, DEBUG, INFO, WARN, ERROR, FATAL } = Severity;

/**
 * A named logger (§3). Handles are cheap; loggers of one name share level and sinks. Logging never throws and never waits:
 * trouble goes to `dagstack.logger.internal` and is counted. Called without its object, a method is the root logger's.
 */
export class Logger {
  /** What the level test of every call reads, and nothing else. */
  #threshold: Threshold;
  readonly #routing: Routing;
  readonly #emitter: Emitter;

  private constructor(emitter: Emitter, routing: Routing, threshold: Threshold) {
    if (emitter === undefined) throw new TypeError("handles come from Logger.get()");
    this.#emitter = emitter;
    this.#routing = routing;
    this.#threshold = threshold;
  }

  /**
   * The logger of a name (§3.1). `""` and `"root"` are the root. The same name and version give the same handle, which is
   * kept for as long as the process runs: what varies belongs into attributes.
   * @param version of the code that logs, such as a package version: part of the scope on every record (D-17).
   * @param scopeAttributes describe the code that logs; they are not redacted.
   */
  static get(name = "", version: string | null = null, scopeAttributes?: AttributeInput): Logger {
    return handleNamed(name, version, scopeAttributes, (emitter, routing) => new Logger(emitter, routing, ASK_FIRST));
  }

  /** Flushes every sink of the process under one deadline (§13). Never rejects. */
  static flush(timeoutMs?: number): Promise<FlushResult> {
    return flushEverything(processRegistry(), timeoutMs);
  }

  /** As `flush`, then closes them (D-49). Later records are dropped, counted as `closed`, until the next `configure()`. */
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
    return Logger.#of(this).#emitter.identity.scope.name;
  }

  get version(): string | null {
    return Logger.#of(this).#emitter.identity.scope.version;
  }

  trace(body: unknown, attributes?: AttributeInput): void;
  trace(attributes: object, message: MessageComesFirst): void;
  trace(body: unknown, attributes?: unknown, unused?: unknown): void {
    Logger.#log(this, TRACE, body, attributes, unused);
  }

  debug(body: unknown, attributes?: AttributeInput): void;
  debug(attributes: object, message: MessageComesFirst): void;
  debug(body: unknown, attributes?: unknown, unused?: unknown): void {
    Logger.#log(this, DEBUG, body, attributes, unused);
  }

  info(body: unknown, attributes?: AttributeInput): void;
  info(attributes: object, message: MessageComesFirst): void;
  info(body: unknown, attributes?: unknown, unused?: unknown): void {
    Logger.#log(this, INFO, body, attributes, unused);
  }

  warn(body: unknown, attributes?: AttributeInput): void;
  warn(attributes: object, message: MessageComesFirst): void;
  warn(body: unknown, attributes?: unknown, unused?: unknown): void {
    Logger.#log(this, WARN, body, attributes, unused);
  }

  error(body: unknown, attributes?: AttributeInput): void;
  error(attributes: object, message: MessageComesFirst): void;
  error(body: unknown, attributes?: unknown, unused?: unknown): void {
    Logger.#log(this, ERROR, body, attributes, unused);
  }

  /** Does not end the process (§2). */
  fatal(body: unknown, attributes?: AttributeInput): void;
  fatal(attributes: object, message: MessageComesFirst): void;
  fatal(body: unknown, attributes?: unknown, unused?: unknown): void {
    Logger.#log(this, FATAL, body, attributes, unused);
  }

  /** Emits at any of the 24 severities. A number that is none is clamped and reported once (D-21). */
  log(severityNumber: number, body: unknown, attributes?: AttributeInput): void {
    Logger.#log(this, clamped(Logger.#of(this).#emitter.identity, severityNumber), body, attributes);
  }

  /**
   * Emits a caught value at ERROR with `exception.*` attributes, its causes and, for an AggregateError, its errors
   * (§3.2). Takes anything that can be thrown.
   */
  exception(error: unknown, attributes?: AttributeInput, options: ExceptionOptions = {}): void {
    const self = Logger.#of(this);
    const severity = exceptionSeverity(self.#emitter.identity, options);
    if (severity < self.#minimum()) return;
    const { route } = self.#routing;
    emitException(self.#emitter, route, severity, error, attributes, options, self.exception);
  }

  /** Whether a record of this level would be emitted. Anything that is no level counts as INFO. */
  isEnabled(level: Level): boolean {
    return asSeverity(level) >= Logger.#of(this).#minimum();
  }

  /** A handle that adds attributes to each of its records; the innermost wins (§3.3). */
  with(attributes: AttributeInput): Logger {
    const self = Logger.#of(this);
    return self.#derive({ bound: bindTo(self.#emitter, self.#routing.route, attributes) });
  }

  /** The same as `with` (D-18). */
  child(attributes: AttributeInput): Logger {
    return Logger.prototype.with.call(this, attributes);
  }

  /** A handle, and handles made from it, that takes trace and baggage from this context and never from the ambient one. */
  withContext(context: unknown): Logger {
    return Logger.#of(this).#derive({ contextSource: { kind: "explicit", context } });
  }

  /** A handle whose own records carry no trace, no baggage and no other ambient state. It does not pass on (D-28). */
  withoutContext(): Logger {
    return Logger.#of(this).#derive({ contextSource: NO_CONTEXT });
  }

  /** Sets the level of this name, or of this handle if it was made by `with()` or a scope. @throws ConfigError */
  setLevel(level: Level): void {
    Logger.#of(this).#routing.setLevel(parseLevel(level));
  }

  /** The same as `setLevel`. */
  setMinSeverity(severityNumber: Level): void {
    Logger.#of(this).setLevel(severityNumber);
  }

  /**
   * Replaces the sinks of this name, or of this handle if it was made by `with()` or a scope; `[]` means none. The
   * sinks replaced are left to their owners.
   *
   * @throws ConfigError when something is no sink or an id stands twice.
   */
  setSinks(sinks: readonly Sink[]): void {
    Logger.#of(this).#routing.setSinks(checkedSinks(sinks, "sinks"));
  }

  /** A handle that writes to these sinks instead of the inherited ones (§6.1). They stay the caller's to close. */
  withSinks(sinks: readonly Sink[]): Logger {
    return Logger.#of(this).scoped({ sinks: checkedSinks(sinks, "sinks") });
  }

  /** A handle that writes to these sinks as well as to the inherited ones (§6.1). */
  appendSinks(sinks: readonly Sink[]): Logger {
    return Logger.#of(this).scoped({ appendSinks: checkedSinks(sinks, "appendSinks") });
  }

  /** A handle that writes nowhere (§6.1). */
  withoutSinks(): Logger {
    return Logger.#of(this).scoped({ sinks: [] });
  }

  /** A handle with other sinks, another level or another redaction (§6.1). @throws ConfigError for a wrong option. */
  scoped(options: ScopeOptions): Logger {
    return Logger.#of(this).#derive({}, planScope(processRegistry(), options));
  }

  /**
   * Runs `fn` with a handle that writes to these sinks only (§6.2). Nobody else's records reach them: `Logger.get` inside
   * `fn` writes to the global sinks. When `fn` is done the sinks are flushed, not closed, and the handle and all made
   * from it are ended: what they log later is dropped, counted as `scope_ended` and reported once (D-48).
   *
   * @returns what `fn` returns; rejects with what it throws.
   */
  async withScopedSinks<T>(sinks: readonly Sink[], fn: (scoped: Logger) => T | Promise<T>): Promise<T> {
    const self = Logger.#of(this);
    const block = new ScopedBlock(self.#emitter.block);
    return block.run(processRegistry(), sinks, (scope) => fn(self.#derive({ block }, scope)));
  }

  /** The same as `withScopedSinks` (D-46). */
  scopeSinks<T>(sinks: readonly Sink[], fn: (scoped: Logger) => T | Promise<T>): Promise<T> {
    return Logger.#of(this).withScopedSinks(sinks, fn);
  }

  /** Flushes the sinks that this logger writes to. Never rejects. */
  flush(timeoutMs?: number): Promise<FlushResult> {
    return flushSinks(processRegistry(), Logger.#of(this).#routing.ports, timeoutMs);
  }

  /**
   * Flushes and closes what this logger owns: the sinks set on its very name, or those its scope brought. Inherited
   * sinks are not touched (D-49). Never rejects.
   */
  close(timeoutMs?: number): Promise<FlushResult> {
    return closeSinks(processRegistry(), Logger.#of(this).#routing.ownedPorts, timeoutMs);
  }

  /** The severity number below which this logger emits nothing. */
  effectiveLevel(): number {
    return Logger.#of(this).#minimum();
  }

  /** The sinks that this logger writes to. */
  effectiveSinks(): readonly Sink[] {
    return Logger.#of(this).#routing.ports.map((port) => port.sink);
  }

  /** A copy of the secret suffixes that hold for this logger. */
  effectiveSecretSuffixes(): readonly string[] {
    return [...Logger.#of(this).#routing.route.redactor.suffixes];
  }

  /** A copy of the secret names that hold for this logger. */
  effectiveSecretNames(): readonly string[] {
    return [...Logger.#of(this).#routing.route.redactor.names];
  }

  #derive(changes: Partial<Emitter>, scope: ScopePlan | null = null): Logger {
    const threshold = scope === null ? this.#threshold : ASK_FIRST;
    return new Logger(deriveEmitter(this.#emitter, changes), this.#routing.derive(scope), threshold);
  }

  /** The level, looked up if it has changed. */
  #minimum(): number {
    if (this.#threshold.minimum === 0) this.#threshold = this.#routing.threshold;
    return this.#threshold.minimum;
  }

  /** Costs a disabled level one comparison. What fails, but for the missing `this`, fails for want of stack or memory. */
  static #log(self: Logger, severity: number, body: unknown, attributes: unknown, unused?: unknown): void {
    try {
      if (severity < self.#threshold.minimum || severity < self.#minimum()) return;
      if (unused !== undefined) reportUnused(self.#emitter);
      emit(self.#emitter, self.#routing.route, severity, body, attributes);
    } catch {
      const behind = Logger.#of(self);
      if (behind === self) loseCall(processRegistry());
      else Logger.#log(behind, severity, body, attributes, unused);
    }
  }

  /** The handle that a method was called on; the root's where there is none. */
  static #of(self: unknown): Logger {
    if (typeof self === "object" && self !== null && #threshold in self) return self;
    return handleBehind(self, (at): at is Logger => #threshold in at) ?? Logger.get();
  }
}

tellInConsoles(Logger.prototype);
