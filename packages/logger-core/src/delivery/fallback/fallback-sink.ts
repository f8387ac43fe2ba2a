import { FlushAccount, type FlushWindow, MAX_TIMER_MS, SinkAccount } from "../../accounting/index.ts";
import { describeValue, OptionsCheck } from "../../options/index.ts";
import type { LogRecord } from "../../record/index.ts";
import {
  type DropReason,
  type EncodedFormat,
  type FlushResult,
  missingSinkMembers,
  type Sink,
  type SinkContext,
} from "../../sink/index.ts";
import { closeForeign, flushForeign } from "../foreign/index.ts";
import { PrimaryHealth } from "./primary-health.ts";
import { Side, type SideListener } from "./side.ts";

/** Options of `FallbackSink`. */
export interface FallbackSinkOptions {
  /**
   * How long the primary sink must have failed, without a delivery in between, until records go to the secondary. Default
   * 30 000; 0 is from its first failure on.
   */
  readonly afterMs?: number | undefined;
  /** Default `fallback:<id of the primary>`. */
  readonly id?: string | undefined;
  /** How long `close` goes on when it is given no time. Default 5000. */
  readonly closeTimeoutMs?: number | undefined;
}

const OPTIONS = ["afterMs", "id", "closeTimeoutMs"] as const;
/** Which losses fail a flush is for the two sinks to say; a map, so that no reason is forgotten. */
const TOLD_ELSEWHERE: Record<DropReason, true> = {
  buffer_overflow: true,
  sink_error: true,
  filtered: true,
  closed: true,
  scope_ended: true,
};

/**
 * Two sinks as one: while the primary has failed for longer than `afterMs`, new records go to the secondary, and back
 * again when the primary delivers. Each record goes to exactly one of them; what the primary has taken in stays there,
 * and it goes on trying.
 *
 * ```ts
 * new FallbackSink(new OTLPSink({ endpoint }), new FileSink("outage.log"), { afterMs: 60_000 });
 * ```
 *
 * It knows what the primary tells through `attach`: `onDelivered` ends a failure, `onError` while it has records and a
 * loss (`sink_error`, `buffer_overflow`) begin one. Of a sink without `attach` it only sees an `emit` that throws. While
 * records take the other way and the primary has none left to try, one goes to it each `afterMs` (a second at least), to
 * find out: that one may be lost. Both are attached, flushed and closed by this sink; give them to no logger.
 */
export class FallbackSink implements Sink {
  readonly id: string;
  /** Writes what waits, where one of the two sinks can. */
  readonly flushSync?: () => void;
  readonly #account: SinkAccount;
  readonly #flushes: FlushAccount;
  readonly #health: PrimaryHealth;
  readonly #primary: Side;
  readonly #secondary: Side;
  readonly #closeTimeoutMs: number;
  /** Records lost that no sink was expected to lose. */
  #losses = 0;
  #lossesAnswered = 0;
  #bypasses = false;
  #emitting = false;
  #closing: Promise<void> | undefined;

  /** @throws ConfigError for what is no sink, the same sink twice, an unknown option or a bad value. */
  constructor(primary: Sink, secondary: Sink, options?: FallbackSinkOptions) {
    const check = new OptionsCheck("FallbackSink", options, OPTIONS);
    checkSink(check, "primary", primary);
    checkSink(check, "secondary", secondary);
    if (primary === secondary) {
      check.add({ path: "secondary", reason: "duplicate", received: "the primary sink", allowed: "another sink" });
    }
    const milliseconds = { min: 0, max: MAX_TIMER_MS, unit: "milliseconds" };
    const afterMs = check.integer("afterMs", { ...milliseconds, default: 30_000 });
    this.#closeTimeoutMs = check.integer("closeTimeoutMs", { ...milliseconds, default: 5000 });
    const id = check.text("id", "");
    check.finish();
    this.id = id === "" ? `fallback:${primary.id}` : id;
    this.#account = new SinkAccount(this.id);
    this.#flushes = new FlushAccount(this.id, this.#account.ledger, Object.keys(TOLD_ELSEWHERE) as DropReason[]);
    this.#health = new PrimaryHealth(afterMs);
    this.#primary = new Side(primary, this.#account, this.#listener(this.#health));
    this.#secondary = new Side(secondary, this.#account, this.#listener(undefined));
    if (primary.flushSync !== undefined || secondary.flushSync !== undefined) this.flushSync = () => this.#drain();
  }

  /** The format of both sinks, if they agree. */
  get lineFormat(): EncodedFormat | undefined {
    const { lineFormat } = this.#primary.sink;
    return lineFormat === this.#secondary.sink.lineFormat ? lineFormat : undefined;
  }

  attach(context: SinkContext): void {
    this.#account.attach(context);
  }

  /** Whether the primary wants it. What it wants and the secondary does not goes to the primary in any case. */
  supportsSeverity(severityNumber: number): boolean {
    return this.#primary.supports(severityNumber);
  }

  emit(record: LogRecord): void {
    const side = this.#sideFor(record);
    if (side === undefined) return;
    this.#emitting = true;
    side.emit(record);
    this.#emitting = false;
  }

  /** The same for an encoded record, in the format of both sinks. */
  emitLine(severityNumber: number, line: Uint8Array): void {
    const side = this.#sideFor({ severityNumber });
    if (side === undefined) return;
    this.#emitting = true;
    side.emitLine(severityNumber, line);
    this.#emitting = false;
  }

  /** Resolves when the primary or the secondary accepts it (`open`), or has nothing to open. */
  async open(): Promise<void> {
    const opened = await Promise.allSettled(
      [this.#primary, this.#secondary].map(async ({ sink }) => await sink.open?.()),
    );
    if (opened.some(({ status }) => status === "fulfilled")) return;
    throw (opened[0] as PromiseRejectedResult).reason;
  }

  /** Flushes both. */
  async flush(timeoutMs?: number): Promise<FlushResult> {
    const window = this.#flushes.begin();
    const answered = this.#lossesAnswered;
    const failures = await Promise.all(
      [this.#primary, this.#secondary].map(async (side) => {
        const { pending } = side;
        const failure = await flushForeign(side.sink, timeoutMs, this.#account.clock);
        if (failure === undefined) side.settle(pending);
        return failure === undefined ? [] : [`${side.sink.id}: ${failure}`];
      }),
    );
    return this.#result(window, answered, failures.flat());
  }

  /** Stops accepting and closes both; what they have not told of by then counts as `closed`. Never rejects. */
  close(timeoutMs?: number): Promise<void> {
    const valid = typeof timeoutMs === "number" && timeoutMs >= 0;
    this.#closing ??= this.#close(valid ? timeoutMs : this.#closeTimeoutMs);
    return this.#closing;
  }

  /** Where a record goes; `undefined` when it goes nowhere, which is counted. */
  #sideFor(record: Pick<LogRecord, "severityNumber">): Side | undefined {
    let severityNumber = 0;
    try {
      severityNumber = record.severityNumber;
      if (!this.#primary.supports(severityNumber)) return undefined;
    } catch {
      // No record at all: the sink that gets it counts it.
    }
    this.#account.accept();
    if (this.#closing !== undefined || this.#emitting) {
      this.#losses += 1;
      this.#account.refuse(this.#closing === undefined ? "sink_error" : "closed");
      return undefined;
    }
    if (this.#health.isWell) return this.#primary;
    const nowMs = this.#account.clock.monotonicMs();
    if (!this.#health.isBypassed(nowMs, this.#primary.pending) || !this.#secondary.supports(severityNumber)) {
      return this.#primary;
    }
    if (!this.#bypasses) {
      this.#bypasses = true;
      const text = `${this.#primary.sink.id} has failed for ${Math.round(this.#health.failingMs(nowMs))} ms`;
      this.#account.error(new Error(`${text}: records go to ${this.#secondary.sink.id}`), "fallback");
    }
    return this.#secondary;
  }

  #listener(health: PrimaryHealth | undefined): SideListener {
    const account = this.#account;
    return {
      delivered: (count) => {
        account.deliver(count);
        health?.delivered();
        if (health === undefined || !this.#bypasses) return;
        this.#bypasses = false;
        account.diagnostic({ event: "sink_recovered", sinkId: this.id });
      },
      dropped: (count, reason, expected) => {
        if (!expected) {
          this.#losses += count;
          if (reason === "sink_error" || reason === "buffer_overflow") health?.failed(account.clock.monotonicMs());
        }
        account.drop(count, reason, expected);
      },
      failed: (error, errorType, pending) => {
        if (pending) health?.failed(account.clock.monotonicMs());
        account.error(error, errorType);
      },
    };
  }

  #result(window: FlushWindow, answered: number, failures: readonly string[]): FlushResult {
    const losses = this.#losses - answered;
    this.#lossesAnswered = this.#losses;
    const told = losses > 0 && failures.length === 0 ? [`records dropped: ${losses}`] : failures;
    return window.result({ failure: told.length === 0 ? undefined : told.join("; ") });
  }

  #drain(): void {
    for (const { sink } of [this.#primary, this.#secondary]) {
      try {
        sink.flushSync?.();
      } catch (error) {
        this.#account.error(error);
      }
    }
  }

  async #close(timeoutMs: number): Promise<void> {
    await Promise.all(
      [this.#primary, this.#secondary].map(async (side) => {
        const { pending } = side;
        const failure = await closeForeign(side.sink, timeoutMs, this.#account.clock);
        if (failure === undefined) side.settle(pending);
        else this.#account.error(new Error(`${side.sink.id}: ${failure}`), "close");
        side.abandon();
      }),
    );
  }
}

function checkSink(check: OptionsCheck, path: string, sink: unknown): void {
  const missing = missingSinkMembers(sink);
  if (missing.length === 0) return;
  check.add({
    path,
    reason: sink === undefined ? "missing" : "type_mismatch",
    received: describeValue(sink),
    allowed: "a sink",
    fix: `pass an object that has ${missing.join(", ")}`,
  });
}
