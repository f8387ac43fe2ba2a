import { FLUSH_SUCCEEDED, type FlushResult, type LogRecord, type Sink } from "@dagstack/logger-core";

/** Faults of a `RecordingSink`; each replaces what the call would do. */
export interface RecordingSinkFaults {
  readonly open?: () => Promise<void>;
  readonly flush?: () => Promise<FlushResult>;
  readonly close?: () => Promise<void>;
}

/** A foreign sink, five members and `open`, that notes every call. */
export class RecordingSink implements Sink {
  readonly id: string;
  readonly records: LogRecord[] = [];
  /** `open`, `emit`, `flush` and `close`, in the order they came. */
  readonly calls: string[] = [];
  readonly #faults: RecordingSinkFaults;

  constructor(id: string, faults: RecordingSinkFaults = {}) {
    this.id = id;
    this.#faults = faults;
  }

  get bodies(): unknown[] {
    return this.records.map((record) => record.body);
  }

  supportsSeverity(): boolean {
    return true;
  }

  async open(): Promise<void> {
    this.calls.push("open");
    await this.#faults.open?.();
  }

  emit(record: LogRecord): void {
    this.calls.push("emit");
    this.records.push(record);
  }

  async flush(): Promise<FlushResult> {
    this.calls.push("flush");
    return (await this.#faults.flush?.()) ?? FLUSH_SUCCEEDED;
  }

  async close(): Promise<void> {
    this.calls.push("close");
    await this.#faults.close?.();
  }
}

/** A promise and the function that resolves it. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
