import type { LogRecord } from "@dagstack/logger-core";
import { InMemorySink } from "@dagstack/sink-memory";
import { type ConfigureOptions, configure, INTERNAL_LOGGER_NAME, type Logging } from "../src/index.ts";

/** A configuration whose records and diagnostics both end in memory. */
export interface ObservedLogging {
  readonly logging: Logging;
  /** The root's sink, unless the options bring sinks of their own. */
  readonly memory: InMemorySink;
  readonly diagnostics: InMemorySink;
  /** The diagnostics of one kind. */
  reported(event: string): LogRecord[];
}

/** Configures with a memory sink for the root and another for the internal logger. `options` override. */
export function observe(options: ConfigureOptions = {}): ObservedLogging {
  const memory = new InMemorySink({ capacity: 100_000 });
  const diagnostics = new InMemorySink();
  const logging = configure(observedOptions({ sinks: [memory], ...options }, diagnostics));
  return {
    logging,
    memory,
    diagnostics,
    reported: (event) => diagnostics.find({ attributes: { "event.name": event } }),
  };
}

/** Options with the internal logger turned to `diagnostics`. */
export function observedOptions(options: ConfigureOptions, diagnostics: InMemorySink): ConfigureOptions {
  return {
    resource: { "service.name": "test" },
    ...options,
    loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] }, ...options.loggers },
  };
}

/** The bodies of some records, in order. */
export function bodies(source: InMemorySink | readonly LogRecord[]): unknown[] {
  return (source instanceof InMemorySink ? source.records() : source).map((record) => record.body);
}

/** The newest record. */
export function last(sink: InMemorySink): LogRecord {
  const record = sink.records().at(-1);
  if (record === undefined) throw new Error("no record arrived");
  return record;
}
