// awaited-flush.mjs <endpoint>: awaits a flush without a time limit, which must keep the process alive until it ends.
import { testRecord } from "@dagstack/logger-core/testing";
import { OTLPSink } from "@dagstack/sink-otlp";

const sink = new OTLPSink({ endpoint: process.argv[2] });
sink.emit(testRecord());
const { success } = await sink.flush();
console.log(`success: ${success}`);
