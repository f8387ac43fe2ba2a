import { systemClock } from "@dagstack/logger-core";
import { HttpSink, type HttpSinkOptions } from "@dagstack/logger-core/http";
import { RecordingContext, testRecord } from "@dagstack/logger-core/testing";

/** A sink that posts the bodies of records, a line each, on the real clock. */
export function rig(options: Partial<HttpSinkOptions> & { readonly url: string | URL }) {
  const sink = new HttpSink({
    id: "test",
    flushIntervalMs: 1,
    retry: { initialMs: 1, maxMs: 10 },
    encode: (batch) => ({ body: batch.map(({ body }) => `${String(body)}\n`).join(""), contentType: "text/plain" }),
    ...options,
  });
  const context = new RecordingContext(systemClock);
  sink.attach(context);
  return {
    sink,
    context,
    emit(...bodies: string[]) {
      for (const body of bodies) {
        context.ledger.accept();
        sink.emit(testRecord({ body }));
      }
    },
    told: () => context.errors.map(({ error }) => String(error)),
  };
}

/** Runs something and answers what reached nobody while it ran: what would have ended the process. */
export async function uncaught(run: () => Promise<void>): Promise<string[]> {
  const found: string[] = [];
  const keep = (error: unknown): void => {
    found.push(`${(error as { code?: string }).code}: ${String(error)}`);
  };
  const before = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", keep);
  process.on("unhandledRejection", keep);
  try {
    await run();
    await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    process.off("uncaughtException", keep);
    process.off("unhandledRejection", keep);
    for (const listener of before) process.on("uncaughtException", listener);
  }
  return found;
}
