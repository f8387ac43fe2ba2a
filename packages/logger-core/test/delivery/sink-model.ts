/**
 * What a `BatchingSink` should do, as a simulation without promises: a list of things to do at some time, a list of waiting
 * items, a list of runs. Written from the rules (§7.1, §13), not from the engine; as slow and plain as it likes.
 */
export interface ModelSettings {
  readonly queueSize: number;
  readonly queueBytes: number;
  readonly batchSize: number;
  readonly batchBytes: number;
  readonly flushIntervalMs: number;
  readonly overflow: "drop_oldest" | "drop_newest" | "block";
  readonly concurrency: number;
  readonly retry: {
    readonly initialMs: number;
    readonly maxMs: number;
    readonly budgetMs: number;
    readonly maxAttempts: number;
  };
  /** What the source of chance answers, always. */
  readonly chance: number;
  /** Whether there is a dead-letter sink. */
  readonly deadLetter: boolean;
}

export interface Item {
  readonly id: number;
  readonly bytes: number;
}

export type Answer =
  | { readonly is: "delivered" | "split" | "final" | "garbage" }
  | { readonly is: "rejected"; readonly count: number }
  | {
      readonly is: "mixed";
      readonly retry: readonly number[];
      readonly rejected: readonly number[];
      /** Entries that name no record of the batch. */
      readonly nameless: number;
      readonly afterMs: number | undefined;
    }
  | { readonly is: "retry"; readonly afterMs: number | undefined };

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

interface ModelFlush {
  readonly items: readonly Item[];
  readonly start: { readonly dropped: number; readonly delivered: number };
  timer: Happening | undefined;
  result: ModelResult | undefined;
}

export interface ModelResult {
  readonly success: boolean;
  readonly partial: boolean;
  readonly droppedCount: number;
  readonly timedOut: boolean;
}

export interface ModelRun {
  parts: Item[][];
  attempts: number;
  /** When the call under way began. */
  calledAt: number;
  /** How long the part under way has been failing: attempts and waits, summed up. */
  failingMs: number | undefined;
  dead: boolean;
}

export class SinkModel {
  accepted = 0;
  delivered = 0;
  readonly dropped = { buffer_overflow: 0, sink_error: 0, closed: 0 };
  readonly calls: { readonly ids: readonly number[]; readonly attempt: number }[] = [];
  readonly flushes: ModelFlush[] = [];
  /** Runs whose call waits for an answer, in the order of the calls. */
  readonly unanswered: ModelRun[] = [];
  readonly synced: number[] = [];
  /** What a dead-letter sink got, in order. */
  readonly letters: number[] = [];
  closeResolved = false;
  readonly #settings: ModelSettings;
  /** Answers a call at once, or `undefined` to let it wait. */
  readonly #answerFor: (items: readonly Item[], attempt: number) => Answer | undefined;
  readonly #syncFails: (items: readonly Item[]) => boolean;
  #now = 0;
  #order = 0;
  readonly #happenings = new Set<Happening>();
  readonly #jobs: (() => void)[] = [];
  readonly #waiting: Item[] = [];
  readonly #demanded = new Set<Item>();
  readonly #open = new Set<Item>();
  readonly #runs = new Set<ModelRun>();
  #linger: Happening | undefined;
  #resume: Happening | undefined;
  #closeTimer: Happening | undefined;
  #closing = false;
  #holdUntil = 0;
  #lastEnd = { dropped: 0, delivered: 0 };

  constructor(
    settings: ModelSettings,
    answerFor: (items: readonly Item[], attempt: number) => Answer | undefined,
    syncFails: (items: readonly Item[]) => boolean,
  ) {
    this.#settings = settings;
    this.#answerFor = answerFor;
    this.#syncFails = syncFails;
  }

  get pending(): number {
    return this.#open.size;
  }

  get droppedTotal(): number {
    return this.dropped.buffer_overflow + this.dropped.sink_error + this.dropped.closed;
  }

  emit(item: Item): void {
    this.accepted += 1;
    if (this.#closing) {
      this.dropped.closed += 1;
      if (!this.closeResolved) this.#write([item]);
      return;
    }
    const { overflow, queueBytes, flushIntervalMs } = this.#settings;
    if (item.bytes > queueBytes || (overflow === "drop_newest" && !this.#fits(item))) {
      this.dropped.buffer_overflow += 1;
      this.#write([item]);
      return;
    }
    while (!this.#fits(item)) {
      if (overflow === "drop_oldest") this.#settle([this.#waiting.shift() as Item], "buffer_overflow");
      else {
        const items = this.#cut();
        if (!this.#syncFails(items)) this.synced.push(...items.map(({ id }) => id));
        this.#settle(items, this.#syncFails(items) ? "sink_error" : undefined);
      }
    }
    this.#waiting.push(item);
    this.#open.add(item);
    if (this.#full()) this.#jobs.push(() => this.#pump());
    this.#linger ??= this.#after(flushIntervalMs, () => {
      this.#linger = undefined;
      this.#demand();
    });
  }

  flush(timeoutMs: number | undefined): void {
    const flush: ModelFlush = { items: [...this.#open], start: this.#lastEnd, timer: undefined, result: undefined };
    this.#demand();
    this.flushes.push(flush);
    if (timeoutMs !== undefined) flush.timer = this.#after(timeoutMs, () => this.#endFlush(flush, true));
    this.#checkDone();
  }

  close(timeoutMs: number): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#demand();
    const share = this.#settings.deadLetter ? 0.8 : 1;
    this.#closeTimer = this.#after(timeoutMs * share, () => this.#closeOutOfTime());
    this.#checkDone();
  }

  /** Answers a call that waits. A dead run's answer changes nothing. */
  answer(run: ModelRun, answer: Answer): void {
    this.unanswered.splice(this.unanswered.indexOf(run), 1);
    if (!run.dead) this.#answered(run, answer);
    this.settle();
  }

  /** Does what is to be done without time passing. */
  settle(): void {
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) job();
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    this.settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#happenings.delete(next);
      this.#now = next.at;
      next.act();
      this.settle();
    }
    this.#now = end;
  }

  #fits(item: Item): boolean {
    const { queueSize, queueBytes } = this.#settings;
    return this.#waiting.length < queueSize && bytesOf(this.#waiting) + item.bytes <= queueBytes;
  }

  #full(): boolean {
    const { batchSize, batchBytes } = this.#settings;
    return this.#waiting.length >= batchSize || bytesOf(this.#waiting) >= batchBytes;
  }

  #cut(): Item[] {
    const { batchSize, batchBytes } = this.#settings;
    const items: Item[] = [];
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || items.length === batchSize) break;
      if (items.length > 0 && bytesOf(items) + next.bytes > batchBytes) break;
      items.push(next);
      this.#waiting.shift();
    }
    if (this.#waiting.length === 0) this.#linger = this.#cancel(this.#linger);
    return items;
  }

  #demand(): void {
    for (const item of this.#waiting) this.#demanded.add(item);
    this.#jobs.push(() => this.#pump());
  }

  #pump(): void {
    while (this.#runs.size < this.#settings.concurrency) {
      const oldest = this.#waiting[0];
      if (oldest === undefined || !(this.#full() || this.#demanded.has(oldest))) return;
      if (this.#now < this.#holdUntil) {
        this.#resume ??= this.#after(this.#holdUntil - this.#now, () => {
          this.#resume = undefined;
          this.#pump();
        });
        return;
      }
      const run: ModelRun = { parts: [this.#cut()], attempts: 0, calledAt: 0, failingMs: undefined, dead: false };
      this.#runs.add(run);
      this.#call(run);
    }
  }

  #call(run: ModelRun): void {
    if (run.dead) return;
    if (run.attempts > 0 && this.#now < this.#holdUntil) {
      run.failingMs = (run.failingMs ?? 0) + (this.#holdUntil - this.#now);
      this.#after(this.#holdUntil - this.#now, () => this.#call(run));
      return;
    }
    run.attempts += 1;
    run.calledAt = this.#now;
    const items = run.parts[0] as Item[];
    this.calls.push({ ids: items.map(({ id }) => id), attempt: run.attempts });
    const answer = this.#answerFor(items, run.attempts);
    if (answer === undefined) this.unanswered.push(run);
    else this.#jobs.push(() => run.dead || this.#answered(run, answer));
  }

  #answered(run: ModelRun, answer: Answer): void {
    const items = run.parts[0] as Item[];
    if (answer.is === "mixed") {
      this.#answeredByItem(run, items, answer);
      return;
    }
    if (answer.is === "retry") this.#failed(run, answer.afterMs);
    else if (answer.is === "delivered") this.#endPart(run, 0);
    else if (answer.is === "rejected") this.#endPart(run, answer.count);
    else if (answer.is === "split" && items.length > 1) {
      const half = Math.ceil(items.length / 2);
      run.parts.splice(0, 1, items.slice(0, half), items.slice(half));
      this.#nextPart(run);
    } else this.#endPart(run, items.length);
  }

  #answeredByItem(run: ModelRun, items: readonly Item[], answer: Answer & { readonly is: "mixed" }): void {
    const left = items.filter((_, index) => answer.retry.includes(index));
    const refused = items.filter((_, index) => answer.rejected.includes(index) && !answer.retry.includes(index));
    const others = items.filter((item) => !left.includes(item) && !refused.includes(item));
    // Which records the nameless entries mean is not known, but how many they can be.
    const nameless = others.splice(0, answer.nameless);
    run.parts[0] = left;
    this.#settle(others, undefined);
    this.#settle(nameless, "sink_error", "nobody knows which");
    this.#settle(refused, "sink_error");
    if (left.length > 0) this.#failed(run, answer.afterMs);
    else this.#endPart(run, 0);
  }

  #failed(run: ModelRun, afterMs: number | undefined): void {
    const { initialMs, maxMs, budgetMs, maxAttempts } = this.#settings.retry;
    run.failingMs = run.failingMs === undefined ? 0 : run.failingMs + (this.#now - run.calledAt);
    const backoff = Math.min(maxMs, initialMs * 2 ** (run.attempts - 1)) * (0.5 + this.#settings.chance / 2);
    const left = run.attempts >= maxAttempts ? 0 : budgetMs - run.failingMs;
    const givenUp = left < 1;
    const delay = Math.min(left, afterMs ?? backoff);
    if (afterMs !== undefined) {
      const hold = givenUp ? Math.min(afterMs, Math.max(budgetMs, 1000)) : delay;
      this.#holdUntil = Math.max(this.#holdUntil, this.#now + hold);
    }
    if (givenUp) this.#endPart(run, (run.parts[0] as Item[]).length);
    else {
      run.failingMs += delay;
      this.#after(delay, () => this.#call(run));
    }
  }

  #endPart(run: ModelRun, lost: number): void {
    const items = run.parts.shift() as Item[];
    if (run.parts.length === 0) this.#runs.delete(run);
    this.#settle(items.slice(lost), undefined);
    this.#settle(items.slice(0, lost), "sink_error", lost < items.length ? "nobody knows which" : undefined);
    if (run.parts.length === 0) this.#jobs.push(() => this.#pump());
    else this.#nextPart(run);
  }

  #nextPart(run: ModelRun): void {
    run.attempts = 0;
    run.failingMs = undefined;
    this.#jobs.push(() => this.#call(run));
  }

  #settle(items: readonly Item[], reason: keyof SinkModel["dropped"] | undefined, nobodyKnows?: string): void {
    if (reason !== undefined && nobodyKnows === undefined) this.#write(items);
    for (const item of items) this.#open.delete(item);
    if (reason === undefined) this.delivered += items.length;
    else this.dropped[reason] += items.length;
    this.#jobs.unshift(() => this.#checkDone());
  }

  /** The letters about records that are lost for good. */
  #write(items: readonly Item[]): void {
    if (this.#settings.deadLetter) this.letters.push(...items.map(({ id }) => id));
  }

  #checkDone(): void {
    for (const flush of this.flushes) {
      if (flush.result === undefined && flush.items.every((item) => !this.#open.has(item)))
        this.#endFlush(flush, false);
    }
    if (this.#closing && this.#open.size === 0) this.#finishClose();
  }

  #endFlush(flush: ModelFlush, timedOut: boolean): void {
    if (flush.result !== undefined) return;
    flush.timer = this.#cancel(flush.timer);
    const end = { dropped: this.droppedTotal, delivered: this.delivered };
    this.#lastEnd = end;
    const droppedCount = end.dropped - flush.start.dropped;
    const success = droppedCount === 0 && !timedOut;
    flush.result = { success, partial: !success && end.delivered > flush.start.delivered, droppedCount, timedOut };
  }

  #closeOutOfTime(): void {
    for (const run of this.#runs) run.dead = true;
    this.#runs.clear();
    this.#waiting.length = 0;
    this.#settle([...this.#open], "closed");
    this.settle();
  }

  #finishClose(): void {
    this.closeResolved = true;
    this.#closeTimer = this.#cancel(this.#closeTimer);
    this.#linger = this.#cancel(this.#linger);
    this.#resume = this.#cancel(this.#resume);
  }

  #after(ms: number, act: () => void): Happening {
    const happening = { at: this.#now + ms, order: this.#order++, act };
    this.#happenings.add(happening);
    return happening;
  }

  #cancel(happening: Happening | undefined): undefined {
    if (happening !== undefined) this.#happenings.delete(happening);
  }

  #next(end: number): Happening | undefined {
    const due = [...this.#happenings].filter(({ at }) => at <= end);
    return due.sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }
}

function bytesOf(items: readonly Item[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, 0);
}
