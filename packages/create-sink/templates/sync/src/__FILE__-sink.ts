import {
  errorType,
  type FlushResult,
  type Level,
  type LogRecord,
  OptionsCheck,
  type Sink,
  SinkAccount,
  type SinkContext,
  withObservedTime,
} from "@dagstack/logger-core";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";

export interface __CLASS__Options {
  /** Takes one JSON line, without line end, before it returns. A throw loses the record. */
  readonly write: (line: string) => void;
  /** Records below are ignored. Default: everything. */
  readonly minSeverity?: Level | undefined;
}

/** Writes each record inside `emit`: for destinations that take it in less than a millisecond. */
export class __CLASS__ implements Sink {
  readonly id = "__FILE__:write";
  readonly #write: (line: string) => void;
  readonly #minSeverity: number;
  /** Counts what was accepted, delivered and dropped, and makes of it what `flush` answers. */
  readonly #account = new SinkAccount(this.id);
  #closed = false;
  /** While the destination is called: one that logs would otherwise call itself for ever. */
  #busy = false;

  /** @throws ConfigError listing every problem. */
  constructor(options: __CLASS__Options) {
    const check = new OptionsCheck("__CLASS__", options, ["write", "minSeverity"]);
    if (typeof check.get("write") !== "function") {
      check.add({ path: "write", reason: "missing", allowed: "a function that takes a line" });
    }
    this.#minSeverity = check.level("minSeverity");
    check.finish();
    this.#write = options.write;
  }

  attach(context: SinkContext): void {
    this.#account.attach(context);
  }

  supportsSeverity(severityNumber: number): boolean {
    return severityNumber >= this.#minSeverity;
  }

  emit(record: LogRecord): void {
    if (record.severityNumber < this.#minSeverity) return;
    const account = this.#account;
    account.accept();
    if (this.#closed || this.#busy) {
      account.refuse(this.#closed ? "closed" : "sink_error");
      return;
    }
    this.#busy = true;
    try {
      this.#write(toDagstackJsonl(withObservedTime(record, account.clock.now())));
      account.deliver();
    } catch (error) {
      // Its message may repeat the record, and what is said here is not redacted: the type must do.
      account.error(new Error("write threw"), errorType(error));
      account.refuse("sink_error");
    } finally {
      this.#busy = false;
    }
  }

  flush(timeoutMs?: number): Promise<FlushResult> {
    return this.#account.flush(Promise.resolve(), timeoutMs, () => 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
