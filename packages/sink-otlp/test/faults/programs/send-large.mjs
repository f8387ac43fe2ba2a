// Emits records of 200 kB, which compress badly, in batches that no socket buffer takes at once, and flushes. Catches nothing.
import { randomBytes } from "node:crypto";
import { say } from "@dagstack/fault-harness/say";
import { otlpSink } from "./otlp.mjs";

const { records, options } = JSON.parse(process.argv[2]);
const { sink, emit, books } = otlpSink({ queueBytes: 2 ** 31, batchSize: 100, ...options });
for (let n = 0; n < records; n++) emit(randomBytes(150_000).toString("base64"));
const { success } = await sink.flush(60_000);
await sink.close(1_000);
say({ success, books: books() });
// What a connection still has to say comes late.
setTimeout(() => {}, 300);
