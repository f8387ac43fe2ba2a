/** The one state of this process that all loggers share, whichever copy of the package they come from. */
import { type Clock, describeError, FlushAccount, Ledger, type Sink, systemClock } from "@dagstack/logger-core";
import type { LastWords } from "../runtime/index.ts";
import { InternalStderrSink, Retirement, SinkPorts } from "../sinks/index.ts";
import { Captures } from "./captures.ts";
import { type Configuration, defaultConfiguration } from "./configuration.ts";
import { LoggerNodes } from "./logger-node.ts";
import { ProcessMetrics } from "./metrics.ts";
import { StormGuard } from "./storm-guard.ts";

/** The sink id under which losses are counted that concern no sink in particular. */
export const NO_SINK_ID = "*";

/** Data only: the rooms above act on it. Copies of the package share its members, which may grow, not change. */
export class Registry {
  /** Raised by every change that handles must notice; see `touch`. */
  epoch = 1;
  /** Raised by `configure`, not by `reconfigure`: a handle of an older configuration closes nothing. */
  generation = 0;
  /** After `Logger.close()`, until the next `configure()`. */
  closed = false;
  configuration: Configuration = defaultConfiguration();
  clock: Clock = systemClock;
  readonly nodes: LoggerNodes = new LoggerNodes();
  readonly captures: Captures = new Captures();
  readonly metrics: ProcessMetrics = new ProcessMetrics(this.nodes);

  readonly ports: SinkPorts = new SinkPorts();
  /** Sinks of earlier configurations that are being closed. */
  readonly retirement: Retirement = new Retirement();
  /** The root's sink unless it was given others; made with the first record that needs it. */
  defaultSink: Sink | undefined;
  /** The sink of the internal logger unless it was given others. */
  readonly internalSink: Sink = new InternalStderrSink(
    () => this.clock.now(),
    (error) => this.metrics.sink(this.internalSink.id).countError(describeError(error).type),
    () => this.lastWords,
  );
  /** What was lost before any sink could be asked. */
  readonly lostWithoutSink: Ledger = new Ledger();
  /** Turns those losses into flush results. */
  readonly lossesWithoutSink: FlushAccount = new FlushAccount(NO_SINK_ID, this.lostWithoutSink);

  /** The last `reconfigure` under way. */
  reconfiguring: Promise<void> = Promise.resolve();

  readonly storms: StormGuard = new StormGuard();
  /** While a diagnostic is being written. */
  reporting = false;
  /** What was said once and is not said again. */
  readonly reportedOnce: Set<string> = new Set();

  exitHooksInstalled = false;
  flushedAtNaturalEnd = false;
  /** While the `exit` event is handled, or about to be: nothing asynchronous will happen any more. */
  exiting = false;
  /** Then: how lines leave at once. */
  lastWords: LastWords | undefined;
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
