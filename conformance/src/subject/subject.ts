/** A subject: what the author of a sink writes so that the suite can make, load, break and read it. */
import type { Attributes, Clock, LogRecord, SinkContext, Value } from "@dagstack/logger-core";
import type { OverflowStrategy, SinkClaims } from "./claims.ts";

/** What may be a promise. */
export type Awaitable<T> = T | PromiseLike<T>;

/** How a rule wants the sink to be made. Only what the subject claims is ever set. */
export interface SubjectSettings {
  /** The lowest severity number that the sink takes; with the claim `threshold`. */
  readonly minSeverity?: number | undefined;
  /** With the claim `overflow`: what gives way, and how many records or bytes may wait. */
  readonly overflow?: { readonly strategy: OverflowStrategy; readonly limit: number } | undefined;
}

/** What `create` gets: use what the sink has a seam for. */
export interface SubjectEnv {
  /** The same clock that `attach` brings. */
  readonly clock: Clock;
  /** The same source of chance that `attach` brings: seeded, in [0, 1). */
  readonly random: () => number;
  /** What the suite attaches to the sink after `create`, for sinks that want it in their constructor. */
  readonly context: SinkContext;
  /** An empty folder for this instance, removed afterwards. */
  readonly folder: string;
  /** Aborted when the case is over. */
  readonly signal: AbortSignal;
  readonly settings: SubjectSettings;
}

/** A delivered record as far as the destination shows it. A `LogRecord` is one. Rules about what is missing are skipped. */
export interface DeliveredRecord {
  /** As emitted, or a text that contains the body that was emitted. */
  readonly body: Value;
  readonly severityNumber?: number | undefined;
  readonly attributes?: Attributes | undefined;
  readonly observedTimeUnixNano?: bigint | null | undefined;
  /** What the destination really got, such as the line: searched for what must not be in it. */
  readonly raw?: string | undefined;
}

/** One thing at the destination: a record, or a line, which the suite reads if it is a dagstack JSON line. */
export type Delivered = DeliveredRecord | LogRecord | string;

/** Ways to break the destination. Each is optional; rules that need one which is missing say so. */
export interface SubjectFaults {
  /** From now on the destination takes nothing and answers nothing. What it got before stays. */
  stall?(): Awaitable<void>;
  /** From now on each delivery fails in a way that is worth another try. */
  fail?(): Awaitable<void>;
  /** From now on each delivery is refused for good. */
  reject?(): Awaitable<void>;
  /** The destination works again; what is stalled goes on. */
  recover?(): Awaitable<void>;
  /** Calls `action` synchronously whenever the sink hands a record over, as a callback that logs would. */
  onDelivery?(action: () => void): Awaitable<void>;
}

/** One sink with its destination, made for one case. */
export interface SubjectInstance {
  /** The sink. The suite attaches `env.context`, if the sink has `attach`. */
  readonly sink: unknown;
  /** What the destination has, oldest first; that of this instance alone. */
  delivered(): Awaitable<readonly Delivered[]>;
  readonly faults?: SubjectFaults | undefined;
  /** Releases the destination. Called once, after the sink was closed. */
  dispose?(): Awaitable<void>;
}

/** A sink to be proved. */
export interface SinkSubject {
  /** For reports, such as the package name. */
  readonly name: string;
  /** The version of the suite it was written for, such as `"1.0"`: newer rules only advise. Default: the suite's own. */
  readonly profile?: string | undefined;
  /** Default: none. */
  readonly claims?: SinkClaims | undefined;
  /**
   * `manual`: the sink takes all its time from `env.clock`, so the suite plays it and nothing sleeps. `real` (default):
   * the sink has timers of its own or talks to something that does; make its delays short.
   */
  readonly time?: "real" | "manual" | undefined;
  /**
   * `import.meta.url` of the module that exports this subject, in JavaScript that Node can load: for rules that need a
   * process of their own. The command line knows it.
   */
  readonly module?: string | undefined;
  /** Rules that are known to fail, by id, and why. Shown in every report; one that holds after all is a failure. */
  readonly waivers?: Readonly<Record<string, string>> | undefined;
  /** Makes a sink and its destination. Several instances may be in use at a time, each broken by its own hooks alone. */
  create(env: SubjectEnv): Awaitable<SubjectInstance>;
  /**
   * The sink alone, with a destination that is somewhere else or nowhere: for rules about what keeps a process alive.
   * Needed when what `create` opens beside the sink, such as a server, would do so itself.
   */
  createAlone?(env: SubjectEnv): Awaitable<unknown>;
}
