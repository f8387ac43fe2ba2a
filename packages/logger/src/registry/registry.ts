/** The one state of this process that all loggers share, whichever copy of the package they come from. */
import {
  type Clock,
  describeError,
  FlushAccount,
  Ledger,
  type Sink,
  systemClock,
  type Timer,
} from "@dagstack/logger-core";
import type { LastWords } from "../runtime/index.ts";
import { InternalStderrSink, Retirement, SinkPorts } from "../sinks/index.ts";
import { Captures } from "./captures.ts";
import { type Configuration, defaultConfiguration } from "./configuration.ts";
import { DiagnosticWindows } from "./diagnostic-windows.ts";
import { LoggerNodes } from "./logger-node.ts";
import { ProcessMetrics } from "./metrics.ts";

/** The sink id under which losses are counted that concern no sink in particular. */
export const NO_SINK_ID = "*";

/** Data only: the rooms above act on it. Copies of the package share it, so its members have a version (`SHARED_VERSION`). */
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
  readonly ports: SinkPorts = new SinkPorts();
  readonly metrics: ProcessMetrics = new ProcessMetrics(this.nodes, this.ports);

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

  readonly windows: DiagnosticWindows = new DiagnosticWindows();
  /** Armed for the end of the first window that has something to tell. */
  windowTimer: Timer | undefined;
  /** While a diagnostic is being written. */
  reporting = false;
  /** What was said once and is not said again. */
  readonly reportedOnce: Set<string> = new Set();

  /** The epoch for which `reportSurroundings` was done. */
  lookedAroundAt = 0;

  exitHooksInstalled = false;
  flushedAtNaturalEnd = false;
  /** While the `exit` event is handled, or about to be: nothing asynchronous will happen any more. */
  exiting = false;
  /** Then: how lines leave at once. */
  lastWords: LastWords | undefined;
}
