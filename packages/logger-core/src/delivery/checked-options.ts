import { MAX_TIMER_MS } from "../accounting/index.ts";
import { describeValue, OptionsCheck } from "../options/index.ts";
import type { LogRecord } from "../record/index.ts";
import { type EncodedFormat, missingSinkMembers, type Sink } from "../sink/index.ts";
import type { DeliverFunction, OverflowStrategy } from "./batching-sink-options.ts";
import type { RetryLimits } from "./run/index.ts";
import { publicSinkId } from "./sink-id.ts";

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
  readonly attemptTimeoutMs: number;
  readonly retry: RetryLimits;
  readonly closeTimeoutMs: number;
  readonly lineFormat: EncodedFormat | undefined;
  readonly transformLine: ((line: Uint8Array) => Item) | undefined;
  readonly deadLetter: Sink | undefined;
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
  "attemptTimeoutMs",
  "retry",
  "closeTimeoutMs",
  "lineFormat",
  "transformLine",
  "deadLetter",
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
    attemptTimeoutMs: check.integer("attemptTimeoutMs", { ...milliseconds, min: 1, default: 300_000 }),
    retry: checkRetry(check.nested("retry", ["initialMs", "maxMs", "budgetMs", "maxAttempts"])),
    closeTimeoutMs: check.integer("closeTimeoutMs", { ...milliseconds, default: 5000 }),
    lineFormat,
    transformLine,
    deadLetter: checkDeadLetter(check),
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

function checkDeadLetter(check: OptionsCheck): Sink | undefined {
  const sink = check.get("deadLetter");
  if (sink === undefined) return undefined;
  const missing = missingSinkMembers(sink);
  if (missing.length === 0) return sink as Sink;
  check.add({
    path: "deadLetter",
    reason: "type_mismatch",
    received: describeValue(sink),
    allowed: "a sink",
    fix: `pass an object that has ${missing.join(", ")}`,
  });
  return undefined;
}

function optionalFunction(check: OptionsCheck, name: string): unknown {
  const value = check.get(name);
  if (value === undefined || typeof value === "function") return value;
  check.add({ path: name, reason: "type_mismatch", received: describeValue(value), allowed: "a function" });
  return undefined;
}
