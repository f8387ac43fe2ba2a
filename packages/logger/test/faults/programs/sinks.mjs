// Sinks as the scenarios name them.
import { CallbackSink } from "@dagstack/sink-callback";
import { ConsoleSink } from "@dagstack/sink-console";
import { FileSink } from "@dagstack/sink-file";
import { InMemorySink } from "@dagstack/sink-memory";
import { OTLPSink } from "@dagstack/sink-otlp";

/** @param spec `{ file }`, `{ console: <options> }`, `{ otlp: <options> }`, `{ memory }` or `{ callback: true }` */
export function sinkOf(spec) {
  if (spec.file !== undefined) return new FileSink(spec.file, spec.options);
  if (spec.console !== undefined) return new ConsoleSink({ mode: "json", ...spec.console });
  if (spec.otlp !== undefined) return new OTLPSink(spec.otlp);
  if (spec.memory !== undefined) return new InMemorySink(spec.memory);
  return new CallbackSink(() => {});
}
