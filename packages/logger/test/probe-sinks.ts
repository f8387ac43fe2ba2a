/** Sinks that tell a test everything they saw, and the diagnostics of the logger as records. */
import {
  FLUSH_SUCCEEDED,
  type FlushResult,
  INTERNAL_LOGGER_NAME,
  type LineFormat,
  type LogRecord,
  type Sink,
  type SinkContext,
} from "@dagstack/logger-core";
import { afterEach } from "vitest";
import { type ConfigureOptions, configure, Logger, type Logging } from "../src/index.ts";

// Without it each `configure` of a test would have something to say about the missing service.name.
process.env.OTEL_SERVICE_NAME ??= "test";

/** A foreign sink of the five required members and nothing else. */
export class ProbeSink implements Sink {
  readonly id: string;
  readonly records: LogRecord[] = [];
  /** Names of the methods called, `supportsSeverity` aside. */
  readonly calls: string[] = [];

  constructor(id = "probe") {
    this.id = id;
  }

  get bodies(): unknown[] {
    return this.records.map((record) => record.body);
  }

  /** The newest record's attributes. */
  get attributes(): Readonly<Record<string, unknown>> {
    return this.records.at(-1)?.attributes ?? {};
  }

  emit(record: LogRecord): void {
    this.calls.push("emit");
    this.records.push(record);
  }

  flush(_timeoutMs?: number): Promise<FlushResult> {
    this.calls.push("flush");
    return Promise.resolve(FLUSH_SUCCEEDED);
  }

  close(_timeoutMs?: number): Promise<void> {
    this.calls.push("close");
    return Promise.resolve();
  }

  supportsSeverity(_severityNumber: number): boolean {
    return true;
  }
}

/** A sink that takes a context and tells nothing until the test makes it. */
export class AttachedProbe extends ProbeSink {
  context: SinkContext | undefined;

  attach(context: SinkContext): void {
    this.context = context;
  }
}

/** A sink that takes lines. */
export class LineProbe extends ProbeSink {
  readonly lineFormat: LineFormat;
  readonly lines: string[] = [];
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });

  constructor(id = "lines", lineFormat: LineFormat = "dagstack") {
    super(id);
    this.lineFormat = lineFormat;
  }

  emitLine(_severityNumber: number, line: Uint8Array): void {
    this.calls.push("emitLine");
    this.lines.push(this.#decoder.decode(line));
  }
}

/** A sink with some of its members replaced; `this` is the sink. */
export function brokenSink(id: string, members: Readonly<Record<string, PropertyDescriptor | object>>): ProbeSink {
  const sink = new ProbeSink(id);
  for (const [name, member] of Object.entries(members)) {
    const descriptor = typeof member === "function" ? { value: member } : (member as PropertyDescriptor);
    Object.defineProperty(sink, name, { configurable: true, ...descriptor });
  }
  return sink;
}

/** What `configure` is given, with the diagnostics collected in a probe. */
export function configureWithDiagnostics(options: ConfigureOptions): { logging: Logging; diagnostics: ProbeSink } {
  const diagnostics = new ProbeSink("diagnostics");
  const logging = configure({
    ...options,
    loggers: { ...options.loggers, [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] } },
  });
  return { logging, diagnostics };
}

/** What `configure` is given, with diagnostics going nowhere: no further sink takes part in a flush. */
export function configureWithoutDiagnostics(options: ConfigureOptions): Logging {
  return configure({ ...options, loggers: { ...options.loggers, [INTERNAL_LOGGER_NAME]: { sinks: [] } } });
}

/** The `event.name`s of diagnostics, in order. */
export function eventNames(diagnostics: ProbeSink): unknown[] {
  return diagnostics.records.map((record) => record.attributes["event.name"]);
}

/** The diagnostics of one event. */
export function eventsNamed(diagnostics: ProbeSink, name: string): readonly LogRecord[] {
  return diagnostics.records.filter((record) => record.attributes["event.name"] === name);
}

/** Leaves no trace of a test in the process-wide registry. */
export function resetAfterEach(): void {
  afterEach(() => {
    Logger.reset();
  });
}

/** A promise that never settles. */
export const never: Promise<never> = new Promise(() => {});
