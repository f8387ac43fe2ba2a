// The reference sink for rules that are checked in a process of their own: a bounded queue in front of a file, in plain
// JavaScript, which Node can load there. Plain and correct; the mutants break one method each.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FLUSH_SUCCEEDED, systemClock } from "@dagstack/logger-core";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";

const BATCH_SIZE = 4;
const FLUSH_INTERVAL_MS = 100;
const RETRY_MS = 50;

/** A file that can be broken. */
export class Journal {
  mode = "works";
  stalled = [];
  action = () => {};

  constructor(folder) {
    this.path = join(folder, "journal.jsonl");
  }

  stall() {
    this.mode = "stalled";
  }

  fail() {
    this.mode = "fails";
  }

  reject() {
    this.mode = "rejects";
  }

  recover() {
    this.mode = "works";
    for (const goOn of this.stalled.splice(0)) goOn();
  }

  onDelivery(action) {
    this.action = action;
  }

  /** False when it refuses for good. */
  async take(lines) {
    if (this.mode === "stalled") await new Promise((resolve) => this.stalled.push(resolve));
    return this.takeNow(lines);
  }

  takeNow(lines) {
    if (this.mode === "rejects") return false;
    if (this.mode !== "works") throw new Error("the journal cannot be written");
    this.write(lines);
    for (const _ of lines) this.action();
    return true;
  }

  write(lines) {
    appendFileSync(this.path, lines.map((line) => `${line}\n`).join(""));
  }

  read() {
    return existsSync(this.path) ? readFileSync(this.path, "utf8").split("\n").slice(0, -1) : [];
  }
}

export class JournalSink {
  id = "reference:journal";
  queueSize = 10_000;
  context = { clock: systemClock, onDelivered() {}, onDrop() {}, onError() {} };
  /** `{ seq, line }`, oldest first. */
  queue = [];
  batch = [];
  accepted = 0;
  lost = 0;
  gotThrough = 0;
  waiters = [];
  closed = false;
  abandoned = false;

  constructor(journal) {
    this.journal = journal;
  }

  attach(context) {
    this.context = context;
  }

  supportsSeverity() {
    return true;
  }

  emit(record) {
    if (this.closed) {
      this.lose(1, "closed");
      return;
    }
    const observedTimeUnixNano = record.observedTimeUnixNano ?? this.context.clock.now();
    this.accepted += 1;
    this.queue.push({ seq: this.accepted, line: toDagstackJsonl({ ...record, observedTimeUnixNano }) });
    if (this.queue.length > this.queueSize) {
      this.queue.shift();
      this.lose(1, "buffer_overflow");
    }
    if (this.queue.length >= BATCH_SIZE) queueMicrotask(() => this.startBatch());
    else this.schedule();
  }

  async flush(timeoutMs) {
    const upTo = this.accepted;
    this.startBatch();
    const inTime = await this.settledWithin(upTo, timeoutMs);
    const { lost, gotThrough } = this;
    this.lost = 0;
    this.gotThrough = 0;
    if (inTime && lost === 0) return FLUSH_SUCCEEDED;
    const error = [inTime ? "" : "timeout", lost === 0 ? "" : `${lost} records lost`].filter(Boolean).join("; ");
    return { success: false, partial: gotThrough > 0, failedSinks: [{ sinkId: this.id, error }], droppedCount: lost };
  }

  flushSync() {
    const waiting = this.queue.splice(0);
    if (waiting.length === 0) return;
    try {
      if (this.journal.takeNow(waiting.map(({ line }) => line))) this.arrived(waiting.length);
      else this.lose(waiting.length, "sink_error");
      this.wake();
    } catch (error) {
      this.context.onError(error);
      this.queue.unshift(...waiting);
    }
  }

  close(timeoutMs = 5000) {
    this.closing ??= this.finish(timeoutMs);
    return this.closing;
  }

  schedule() {
    this.timer ??= this.context.clock.schedule(() => {
      this.timer = undefined;
      this.startBatch();
    }, FLUSH_INTERVAL_MS);
  }

  startBatch() {
    if (this.batch.length > 0 || this.queue.length === 0) return;
    this.batch = this.queue.splice(0, BATCH_SIZE);
    void this.deliver();
  }

  async deliver() {
    const { length } = this.batch;
    try {
      const taken = await this.journal.take(this.batch.map(({ line }) => line));
      if (this.abandoned) return;
      if (taken) this.arrived(length);
      else {
        this.context.onError(new Error("the journal refused a batch"), "rejected");
        this.lose(length, "sink_error");
      }
    } catch (error) {
      if (this.abandoned) return;
      this.context.onError(error);
      this.context.clock.schedule(() => this.abandoned || void this.deliver(), RETRY_MS);
      return;
    }
    this.batch = [];
    this.wake();
    this.startBatch();
  }

  arrived(count) {
    this.gotThrough += count;
    this.context.onDelivered(count);
  }

  lose(count, reason) {
    this.lost += count;
    this.context.onDrop(count, reason);
  }

  /** Whether a record of these is still waiting or under way. */
  unsettled(upTo) {
    const [first = this.queue[0]] = this.batch;
    return first !== undefined && first.seq <= upTo;
  }

  wake() {
    const due = this.waiters.filter(({ upTo }) => !this.unsettled(upTo));
    this.waiters = this.waiters.filter((waiter) => !due.includes(waiter));
    for (const { done } of due) done();
  }

  async settledWithin(upTo, timeoutMs) {
    if (!this.unsettled(upTo)) return true;
    return new Promise((resolve) => {
      const late =
        timeoutMs === undefined ? undefined : this.context.clock.schedule(() => resolve(false), timeoutMs, true);
      const done = () => {
        late?.cancel();
        resolve(true);
      };
      this.waiters.push({ upTo, done });
    });
  }

  async finish(timeoutMs) {
    this.closed = true;
    this.startBatch();
    const inTime = await this.settledWithin(this.accepted, timeoutMs);
    this.timer?.cancel();
    if (inTime) return;
    this.abandoned = true;
    const left = this.queue.length + this.batch.length;
    this.queue = [];
    this.batch = [];
    if (left > 0) this.lose(left, "closed");
    this.wake();
  }
}

/** The journal sink, or one that breaks it, as a subject; `module` is that of the module that exports it. */
export function journalSubject(name, module, Sink = JournalSink, File = Journal) {
  return {
    name,
    module,
    time: "manual",
    claims: { buffered: true, retries: true, durableFlush: true },
    create({ folder }) {
      const journal = new File(folder);
      return { sink: new Sink(journal), delivered: () => journal.read(), faults: journal };
    },
  };
}

export const subject = journalSubject("reference journal sink", import.meta.url);
