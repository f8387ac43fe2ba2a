// Emits so many rounds of one record, each flushed, then says how it went.
import { say } from "@dagstack/fault-harness/say";
import { otlpSink } from "./otlp.mjs";

const { rounds, pauseMs = 0, options } = JSON.parse(process.argv[2]);
const { sink, emit, books } = otlpSink({ flushIntervalMs: 0, ...options });
for (let round = 0; round < rounds; round++) {
  emit();
  await sink.flush(20_000);
  if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
}
await sink.close(1_000);
say({ books: books() });
