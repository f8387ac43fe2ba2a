import { MAX_TIMER_MS } from "../accounting/index.ts";
import type { Level } from "../options/index.ts";
import { describeValue, OptionsCheck } from "../options/index.ts";
import type { LogRecord } from "../record/index.ts";
import type { EncodedFormat } from "../sink/index.ts";
import type { DeliveryOutcome } from "./outcome/index.ts";
import type { DeliveryContext, RetryLimits } from "./run/index.ts";
import { publicSinkId } from "./sink-id.ts";

/** What happens to a record that finds the queue full (§7.1). */
export type OverflowStrategy = "drop_oldest" | "drop_newest" | "block";

/** Delivers a batch: resolves what became of it, or throws to have it tried again. See `DeliveryOutcome`. */
export type DeliverFunction<Item = LogRecord> = (
  batch: readonly Item[],
  context: DeliveryContext,
) => Promise<DeliveryOutcome | undefined> | Promise<void>;

/** When failed deliveries are tried again: equal jitter, half of each wait fixed and half random. */
export interface RetryOptions {
  /** The wait after the first failure, in milliseconds; it doubles each time. Default 1000. */
  readonly initialMs?: number | undefined;
  /** The longest wait. Default 30 000, or `initialMs` if that is longer. */
  readonly maxMs?: number | undefined;
  /**
   * How long after its first failure a batch may be tried again; one whose next attempt would begin later is given up
   * (`sink_error`). Default 300 000.
   */
  readonly budgetMs?: number | undefined;
  /** How often a batch is tried in all; 1 means no retries. Default: as often as the budget allows. */
  readonly maxAttempts?: number | undefined;
}

/** Options of `BatchingSink`, apart from `transform`. */
export interface BatchingSinkSettings<Item> {
  /** Non-empty, unique within one configuration. User info and query of a URL in it are left out (§7.1, D-50). */
  readonly id: string;
  /** Delivers a batch. Left out by subclasses, which override the method `deliver` instead. */
  readonly deliver?: DeliverFunction<Item> | undefined;
  /** Records below are ignored without a trace. Default: everything. */
  readonly minSeverity?: Level | undefined;
  /** How many records may wait; batches being delivered are held beside them. Default 10 000. */
  readonly queueSize?: number | undefined;
  /** How many bytes may wait, by `sizeOf`. A record larger than this alone is dropped. Default 33 554 432 (32 MiB). */
  readonly queueBytes?: number | undefined;
  /** What an item counts for against `queueBytes` and `batchBytes`. Default: an estimate of the memory it takes. */
  readonly sizeOf?: ((item: Item) => number) | undefined;
  /** Records in a batch. This many waiting are delivered at once. Default 512; never more than `queueSize`. */
  readonly batchSize?: number | undefined;
  /**
   * Bytes in a batch, likewise; a larger record goes alone. Default 4 194 304 (4 MiB); never more than half of
   * `queueBytes`.
   */
  readonly batchBytes?: number | undefined;
  /** How long a record waits for its batch to fill up; 0 is the next turn of the event loop. Default 1000 (D-86). */
  readonly flushIntervalMs?: number | undefined;
  /** What gives way when the queue is full. Default `drop_oldest`. `block` needs `syncDrain` (D-56). */
  readonly overflow?: OverflowStrategy | undefined;
  /**
   * Writes a batch before it returns; a throw loses the batch. With `overflow: "block"` it is called inside `emit` when
   * the queue is full, and may then overtake a batch that `deliver` is working on. Also gives the sink `flushSync`.
   */
  readonly syncDrain?: ((batch: readonly Item[]) => void) | undefined;
  /** How many batches may be delivered at the same time. Above 1 their order is not kept. Default 1. */
  readonly concurrency?: number | undefined;
  /** When failed deliveries are tried again. */
  readonly retry?: RetryOptions | undefined;
  /** How long `close` goes on delivering when it is given no time. Default 5000. */
  readonly closeTimeoutMs?: number | undefined;
  /** Asks the logger for records in this format where it can give them; they go to `transformLine`. */
  readonly lineFormat?: EncodedFormat | undefined;
  /**
   * Makes of an encoded record, inside `emitLine`, what is queued and delivered; a throw loses the record
   * (`sink_error`). The bytes are valid during the call only. Needs `lineFormat`.
   */
  readonly transformLine?: ((line: Uint8Array) => Item) | undefined;
  /** Called once, at the end of `close`, to release what the sink holds: connections, agents. */
  readonly release?: (() => void | Promise<void>) | undefined;
}

/**
 * Options of `BatchingSink`. `transform` makes of each record, inside `emit`, what is queued and delivered in its
 * place, such as its encoded bytes; a throw loses the record (`sink_error`).
 */
export type BatchingSinkOptions<Item = LogRecord> = BatchingSinkSettings<Item> &
  ([LogRecord] extends [Item]
    ? { readonly transform?: ((record: LogRecord) => Item) | undefined }
    : { readonly transform: (record: LogRecord) => Item });

/** The options as the engine uses them: complete, checked. */
export interface CheckedOptions<Item> {
  readonly id: string;
  readonly deliver: DeliverFunction<Item> | undefined;
  readonly minSeverity: number;
  readonly queueSize: number;
  readonly queueBytes: number;
  readonly sizeOf: ((item: Item) => number) | undefined;
  readonly batchSize: number;
  readonly batchBytes: number;
  readonly flushIntervalMs: number;
  readonly overflow: OverflowStrategy;
  readonly syncDrain: ((batch: readonly Item[]) => void) | undefined;
  readonly concurrency: number;
  readonly retry: RetryLimits;
  readonly closeTimeoutMs: number;
  readonly lineFormat: EncodedFormat | undefined;
  readonly transformLine: ((line: Uint8Array) => Item) | undefined;
  readonly release: (() => void | Promise<void>) | undefined;
  readonly transform: ((record: LogRecord) => Item) | undefined;
}

const OPTIONS = [
  "id",
  "deliver",
  "minSeverity",
  "queueSize",
  "queueBytes",
  "sizeOf",
  "batchSize",
  "batchBytes",
  "flushIntervalMs",
  "overflow",
  "syncDrain",
  "concurrency",
  "retry",
  "closeTimeoutMs",
  "lineFormat",
  "transformLine",
  "release",
  "transform",
];
const FORMATS: readonly EncodedFormat[] = ["dagstack", "otlp_json", "otlp_protobuf"];
const STRATEGIES: readonly OverflowStrategy[] = ["drop_oldest", "drop_newest", "block"];
const MIB = 1_048_576;

/**
 * Checks the options of a `BatchingSink`.
 *
 * @param where the class being built, for the message.
 * @param overridden whether that class has a `deliver` of its own.
 * @throws ConfigError listing every problem.
 */
export function checkBatchingSinkOptions<Item>(
  where: string,
  options: unknown,
  overridden: boolean,
): CheckedOptions<Item> {
  const check = new OptionsCheck(where, options, OPTIONS);
  const milliseconds = { min: 0, max: MAX_TIMER_MS, unit: "milliseconds" };
  if (check.get("id") === undefined) {
    check.add({ path: "id", reason: "missing", allowed: "a non-empty string" });
  }
  const deliver = optionalFunction(check, "deliver") as DeliverFunction<Item> | undefined;
  checkOneDeliver(check, overridden);
  const syncDrain = optionalFunction(check, "syncDrain") as CheckedOptions<Item>["syncDrain"];
  const overflow = check.oneOf("overflow", STRATEGIES, "drop_oldest");
  if (overflow === "block" && check.get("syncDrain") === undefined) {
    check.add({
      path: "overflow",
      reason: "validation_failed",
      received: '"block" without syncDrain',
      allowed: "block only where the sink can write synchronously: nothing else could make room while emit waits",
      fix: "pass syncDrain, or use drop_oldest or drop_newest",
    });
  }
  const transformLine = optionalFunction(check, "transformLine") as CheckedOptions<Item>["transformLine"];
  const lineFormat = check.get("lineFormat") === undefined ? undefined : check.oneOf("lineFormat", FORMATS, "dagstack");
  checkLines(check);
  const queueSize = check.integer("queueSize", { min: 1, default: 10_000, unit: "records" });
  const queueBytes = check.integer("queueBytes", { min: 1, default: 32 * MIB, unit: "bytes" });
  const batchSize = check.integer("batchSize", { min: 1, default: 512, unit: "records" });
  const batchBytes = check.integer("batchBytes", { min: 1, default: 4 * MIB, unit: "bytes" });
  const checked: CheckedOptions<Item> = {
    id: publicSinkId(check.text("id", where)),
    deliver,
    minSeverity: check.level("minSeverity"),
    queueSize,
    queueBytes,
    sizeOf: optionalFunction(check, "sizeOf") as CheckedOptions<Item>["sizeOf"],
    // A batch that the queue cannot hold would wait for its linger time while records are dropped for want of room.
    batchSize: Math.min(batchSize, queueSize),
    batchBytes: Math.min(batchBytes, Math.ceil(queueBytes / 2)),
    flushIntervalMs: check.integer("flushIntervalMs", { ...milliseconds, default: 1000 }),
    overflow,
    syncDrain,
    concurrency: check.integer("concurrency", { min: 1, default: 1, unit: "batches" }),
    retry: checkRetry(check.nested("retry", ["initialMs", "maxMs", "budgetMs", "maxAttempts"])),
    closeTimeoutMs: check.integer("closeTimeoutMs", { ...milliseconds, default: 5000 }),
    lineFormat,
    transformLine,
    release: optionalFunction(check, "release") as CheckedOptions<Item>["release"],
    transform: optionalFunction(check, "transform") as CheckedOptions<Item>["transform"],
  };
  check.finish();
  return checked;
}

function checkRetry(check: OptionsCheck): RetryLimits {
  const unit = "milliseconds";
  const initialMs = check.integer("initialMs", { min: 1, max: MAX_TIMER_MS, default: 1000, unit });
  return {
    initialMs,
    maxMs: check.integer("maxMs", { min: initialMs, max: MAX_TIMER_MS, default: Math.max(30_000, initialMs), unit }),
    budgetMs: check.integer("budgetMs", { min: 0, default: 300_000, unit }),
    maxAttempts: check.integer("maxAttempts", { min: 1, default: Number.MAX_SAFE_INTEGER, unit: "attempts" }),
  };
}

/** Two ways to say how batches are delivered would leave one of them unused, in silence. */
function checkOneDeliver(check: OptionsCheck, overridden: boolean): void {
  const given = check.get("deliver") !== undefined;
  if (given !== overridden) return;
  check.add({
    path: "deliver",
    reason: given ? "duplicate" : "missing",
    received: given ? "an option beside an overridden method" : "neither an option nor an overridden method",
    allowed: "exactly one of the option deliver and a subclass with a method deliver",
    fix: given ? "remove one of them" : "pass deliver, or override it as a method (a field is set too late to be seen)",
  });
}

/** Lines that nothing takes, or a taker that gets none, would be a mistake in silence. */
function checkLines(check: OptionsCheck): void {
  const asks = check.get("lineFormat") !== undefined;
  if (asks === (check.get("transformLine") !== undefined)) return;
  const missing = asks ? "transformLine" : "lineFormat";
  check.add({
    path: missing,
    reason: "missing",
    allowed: "lineFormat and transformLine together, or neither",
    fix: `pass ${missing}, or remove ${asks ? "lineFormat" : "transformLine"}`,
  });
}

function optionalFunction(check: OptionsCheck, name: string): unknown {
  const value = check.get(name);
  if (value === undefined || typeof value === "function") return value;
  check.add({ path: name, reason: "type_mismatch", received: describeValue(value), allowed: "a function" });
  return undefined;
}
