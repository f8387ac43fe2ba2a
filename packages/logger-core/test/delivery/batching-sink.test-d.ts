/** What the compiler must and must not accept; checked by `tsc`, never run. */
import { BatchingSink, type DeliveryContext, type DeliveryOutcome } from "../../src/delivery/index.ts";
import type { LogRecord, Sink } from "../../src/index.ts";
import { ScriptedDelivery } from "../../src/testing/index.ts";

export const nothing: Sink = new BatchingSink({ id: "s", deliver: async () => {} });
export const mixed: Sink = new BatchingSink({
  id: "s",
  deliver: async (batch, { signal, attempt }) => {
    const first: LogRecord | undefined = batch[0];
    if (signal.aborted) return { status: "retry", afterMs: 5 };
    if (attempt > 1) return { status: "split" };
    return first === undefined ? undefined : { status: "rejected", count: 1, reason: "HTTP 400" };
  },
});
export const scripted: Sink = new BatchingSink({ id: "s", deliver: new ScriptedDelivery().deliver });

// @ts-expect-error A Response is no outcome: it would not be looked at.
new BatchingSink({ id: "s", deliver: (batch) => fetch("http://x", { body: String(batch) }) });
// @ts-expect-error There is no such status.
new BatchingSink({ id: "s", deliver: async () => ({ status: "failed" }) });
// @ts-expect-error Without transform the items are records.
new BatchingSink<Uint8Array>({ id: "s", deliver: async () => {} });
// @ts-expect-error An unknown option.
new BatchingSink({ id: "s", deliver: async () => {}, queue_size: 7 });

export const encoded: BatchingSink<Uint8Array> = new BatchingSink<Uint8Array>({
  id: "s",
  transform: (record) => new TextEncoder().encode(String(record.body)),
  sizeOf: (bytes) => bytes.byteLength,
  deliver: async (batch) => {
    const first: Uint8Array | undefined = batch[0];
    return first === undefined ? undefined : { status: "delivered" };
  },
});
export const inferred: BatchingSink<string> = new BatchingSink({
  id: "s",
  transform: (record: LogRecord) => String(record.body),
  deliver: async (batch: readonly string[]) => void batch,
});

export class Minimal extends BatchingSink {
  override async deliver(): Promise<void> {}
}

export class Full extends BatchingSink {
  #connections = 0;
  constructor(endpoint: string) {
    super({ id: `full:${endpoint}`, release: () => this.#disconnect() });
  }
  protected override async deliver(
    batch: readonly LogRecord[],
    { signal }: DeliveryContext,
  ): Promise<DeliveryOutcome | undefined> {
    this.#connections += 1;
    return signal.aborted ? { status: "rejected", count: batch.length } : undefined;
  }
  #disconnect(): void {
    this.#connections = 0;
  }
}
