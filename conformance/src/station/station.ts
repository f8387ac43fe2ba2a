/**
 * One sink under test, and the suite in the logger's place: it hands records over as the logger does, catches what the
 * sink throws, and keeps the books that the sink's own are held against.
 */
import { describeError, type LogRecord, type Sink } from "@dagstack/logger-core";
import type { Awaitable, SinkClaims, SubjectFaults, SubjectInstance } from "../subject/index.ts";
import type { CaseTime, Settled } from "./case-time.ts";
import { type FlushAnswer, readFlush } from "./flush-answer.ts";
import type { StationContext } from "./station-context.ts";
import { readDelivered, type Seen, suiteRecord } from "./suite-records.ts";
import { MissingHook, SubjectFault } from "./verdicts.ts";

export type { FlushAnswer } from "./flush-answer.ts";

/** A call of the sink that is under way. The time of the case passes only while its answer is awaited. */
export interface Underway<T> {
  /** Whether the sink has neither resolved nor rejected it so far. */
  readonly pending: boolean;
  /** What became of it when its time and the grace are over. Never rejects. */
  answer(): Promise<T>;
}

/** How long a hook of the subject may take. */
const HOOK_TIMEOUT_MS = 10_000;
/** A deadline for what must end by itself, in milliseconds. */
export const PLENTY_MS = 10_000;

export class Station {
  readonly sink: Sink;
  readonly claims: SinkClaims;
  readonly context: StationContext;
  readonly time: CaseTime;
  /** Whether the sink took a context, and so can tell of its losses. */
  attached = false;
  /** Records that the sink was handed, having asked for their severity. */
  accepted = 0;
  /** What `emit` threw, or rejected with. Such a record counts as lost, as in the logger. */
  readonly thrown: unknown[] = [];
  /** What `emit` returned, where that was anything. */
  readonly returned: unknown[] = [];
  readonly #instance: SubjectInstance;
  #next = 1;
  /** Throws of whose record the sink had not told: as in the logger, one that it told of is not counted twice. */
  #thrownUntold = 0;

  constructor(instance: SubjectInstance, context: StationContext, time: CaseTime, claims: SinkClaims) {
    this.#instance = instance;
    this.sink = instance.sink as Sink;
    this.context = context;
    this.time = time;
    this.claims = claims;
  }

  /** Gives the sink its context, as the logger does before the first record. What it throws is answered. */
  attach(): unknown {
    if (typeof this.sink.attach !== "function") return undefined;
    try {
      this.sink.attach(this.context);
      this.attached = true;
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** The number that the next record gets. */
  get next(): number {
    return this.#next;
  }

  /** Makes the next records without emitting them. */
  records(count: number, parts: Partial<LogRecord> = {}): LogRecord[] {
    return Array.from({ length: count }, () => suiteRecord(this.#next++, parts));
  }

  /** Emits the next records; their numbers. */
  emit(count = 1, parts: Partial<LogRecord> = {}): number[] {
    const first = this.#next;
    for (const record of this.records(count, parts)) this.emitRecord(record);
    return Array.from({ length: count }, (_, index) => first + index);
  }

  /** Hands one record over as the logger does. Never throws. */
  emitRecord(record: LogRecord): void {
    this.#hand(record.severityNumber, () => this.sink.emit(record));
  }

  /** Hands one line over as the logger does. Never throws. */
  emitLine(severityNumber: number, line: Uint8Array): void {
    this.#hand(severityNumber, () => this.sink.emitLine?.(severityNumber, line));
  }

  /** Records lost as far as anybody was told: by the sink, or by a throw. */
  get lost(): number {
    return this.context.dropped() + this.#thrownUntold;
  }

  /** What is at the destination of the suite's records, in order. */
  async delivered(): Promise<Seen[]> {
    const shown = await this.#hook("delivered", () => {
      const answer = this.#instance.delivered();
      return Array.isArray(answer) ? [...answer] : answer; // the subject's own list may still grow
    });
    if (!Array.isArray(shown)) throw new SubjectFault("delivered()", "did not answer a list");
    return shown.map(readDelivered).filter((seen) => seen !== undefined);
  }

  /** The numbers of the records at the destination, in order, each once: remote sinks deliver at least once. */
  async deliveredNumbers(): Promise<number[]> {
    return [...new Set((await this.delivered()).map(({ n }) => n))];
  }

  /** Lets time pass until that many different records are at the destination; whether they came. */
  arrives(count: number, ms: number = this.claims.deliversWithinMs ?? 2000): Promise<boolean> {
    return this.time.until(async () => (await this.deliveredNumbers()).length >= count, ms + this.time.graceMs);
  }

  /** Whether the subject can break its destination so: for rules that do without. */
  hasFault(hook: keyof SubjectFaults): boolean {
    return typeof this.#instance.faults?.[hook] === "function";
  }

  async fault(hook: Exclude<keyof SubjectFaults, "onDelivery">): Promise<void> {
    const { faults } = this.#instance;
    if (typeof faults?.[hook] !== "function") throw new MissingHook(`faults.${hook}`);
    await this.#hook(`faults.${hook}`, async () => faults[hook]?.());
  }

  async onDelivery(action: () => void): Promise<void> {
    const { faults } = this.#instance;
    if (typeof faults?.onDelivery !== "function") throw new MissingHook("faults.onDelivery");
    await this.#hook("faults.onDelivery", async () => faults.onDelivery?.(action));
  }

  /** Calls `flush` in this very turn and awaits the answer. Never rejects. */
  flush(timeoutMs?: number): Promise<FlushAnswer> {
    return this.beginFlush(timeoutMs).answer();
  }

  /** Calls `flush` in this very turn, and leaves it to the check to let time pass. */
  beginFlush(timeoutMs: number = PLENTY_MS): Underway<FlushAnswer> {
    return this.#begin(() => this.sink.flush(timeoutMs), timeoutMs, readFlush);
  }

  /** Calls `close` in this very turn and awaits what becomes of it. Never rejects. */
  close(timeoutMs?: number): Promise<Settled<unknown>> {
    return this.beginClose(timeoutMs).answer();
  }

  /** Calls `close` in this very turn, and leaves it to the check to let time pass. */
  beginClose(timeoutMs: number = PLENTY_MS): Underway<Settled<unknown>> {
    const withinMs = Math.max(timeoutMs, this.claims.closeTimeoutMs ?? 5000);
    return this.#begin(
      () => this.sink.close(timeoutMs),
      withinMs,
      (settled) => settled,
    );
  }

  /** Ends the case: releases the destination, and the sink if the check has not. */
  async end(): Promise<void> {
    await this.#quietly(() => this.#instance.faults?.recover?.());
    await this.#quietly(() =>
      this.time.settled(
        this.#call(() => this.sink.close(100)),
        1000,
      ),
    );
    if (this.#instance.dispose !== undefined) await this.#hook("dispose", async () => this.#instance.dispose?.());
  }

  #begin<T>(method: () => unknown, withinMs: number, read: (settled: Settled<unknown>) => T): Underway<T> {
    const { clock } = this.time;
    const endMs = clock.monotonicMs() + withinMs;
    let pending = true;
    const call = this.#call(method);
    const settle = (): void => {
      pending = false;
    };
    call.then(settle, settle);
    return {
      get pending() {
        return pending;
      },
      answer: async () => read(await this.time.settled(call, Math.max(0, endMs - clock.monotonicMs()))),
    };
  }

  #hand(severityNumber: number, hand: () => unknown): void {
    let counted = false;
    const toldBefore = this.#told;
    try {
      if (!this.sink.supportsSeverity(severityNumber)) return;
      this.accepted += 1;
      counted = true;
      const answer = hand();
      if (answer === undefined) return;
      this.returned.push(answer);
      // An async emit that rejects must not reach the process: the logger counts it, and so does the station.
      Promise.resolve(answer).catch((error: unknown) => this.#keepThrown(error, true));
    } catch (error) {
      if (!counted) this.accepted += 1; // a sink that cannot be asked loses the record, as in the logger
      this.#keepThrown(error, this.#told === toldBefore);
    }
  }

  get #told(): number {
    return this.context.delivered + this.context.dropped();
  }

  #keepThrown(error: unknown, untold: boolean): void {
    this.thrown.push(error);
    if (untold) this.#thrownUntold += 1;
  }

  async #call(method: () => unknown): Promise<unknown> {
    return await method();
  }

  async #quietly(step: () => unknown): Promise<void> {
    try {
      await step();
    } catch {
      // The case is over: what is wrong here shows, or does not, where a rule looks.
    }
  }

  /** Calls a hook of the subject in real time, whatever the time of the case. */
  async #hook<T>(name: string, call: () => Awaitable<T>): Promise<T> {
    return await callHook(name, call);
  }
}

/**
 * Calls a member of the subject, at once: what it reads is as it was when the check asked.
 *
 * @throws SubjectFault when it throws, rejects or does not end.
 */
export async function callHook<T>(name: string, call: () => Awaitable<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new SubjectFault(name, `did not end within ${HOOK_TIMEOUT_MS} ms`)),
      HOOK_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([call(), late]);
  } catch (error) {
    if (error instanceof SubjectFault || error instanceof MissingHook) throw error;
    const { type, message } = describeError(error);
    throw new SubjectFault(name, `threw ${type}: ${message}`);
  } finally {
    clearTimeout(timer);
  }
}
