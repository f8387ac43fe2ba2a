// natural-end.mjs <endpoint>: leaves a request hanging and ends without close. Nothing may keep the process alive.
import { testRecord } from "@dagstack/logger-core/testing";
import { OTLPSink } from "@dagstack/sink-otlp";

const sink = new OTLPSink({ endpoint: process.argv[2], flushIntervalMs: 0 });
sink.emit(testRecord());
setTimeout(() => {
  sink.emit(testRecord());
  console.log("ends");
}, 300);
