import {
  type Attributes,
  type CapturedLogs,
  ConfigError,
  type ConfigureOptions,
  type ContextReader,
  captureLogs,
  configure,
  type FlushResult,
  installShutdownHooks,
  Logger,
  type Logging,
  type LogRecord,
  openTelemetryContextReader,
  type ScopeOptions,
  Severity,
  type Sink,
} from "@dagstack/logger";
import { ConfigError as CoreConfigError, createRedactor, type SinkContext, systemClock } from "@dagstack/logger-core";
import { BatchingSink, type DeliveryContext, type DeliveryOutcome } from "@dagstack/logger-core/delivery";
import { LineWriter } from "@dagstack/logger-core/files";
import { ManualClock, testRecord } from "@dagstack/logger-core/testing";
import { LineEncoder, toLine } from "@dagstack/logger-core/wire";
import { CallbackSink } from "@dagstack/sink-callback";
import { registerSinkConformance, type SinkSubject } from "@dagstack/sink-conformance";
import { ConsoleSink, type ConsoleSinkOptions } from "@dagstack/sink-console";
import { FileSink, type FileSinkOptions } from "@dagstack/sink-file";
import { InMemorySink } from "@dagstack/sink-memory";
import { OTLPSink, type OTLPSinkOptions } from "@dagstack/sink-otlp";

class OwnSink implements Sink {
  readonly id = "own";
  emit(record: LogRecord): void {
    String(record.body);
  }
  async flush(): Promise<FlushResult> {
    return { success: true, droppedCount: 0, partial: false, failedSinks: [] } as unknown as FlushResult;
  }
  async close(): Promise<void> {}
  supportsSeverity(n: number): boolean {
    return n >= Severity.INFO;
  }
}
class Remote extends BatchingSink {
  constructor() {
    super({ id: "remote" });
  }
  override async deliver(batch: readonly LogRecord[], { signal }: DeliveryContext): Promise<DeliveryOutcome> {
    return void [batch, signal] as never;
  }
}
class Strings extends BatchingSink<string> {}
const console_: ConsoleSinkOptions = { mode: "json" };
const memory: InMemorySink = new InMemorySink({ capacity: 10 });
const options: ConfigureOptions = {
  level: "info",
  resource: { "service.name": "x" },
  sinks: [
    new ConsoleSink(console_),
    memory,
    new OwnSink(),
    new Remote(),
    new CallbackSink({ callback: () => {} } as never),
  ],
};
const logging: Logging = configure(options);
const log: Logger = Logger.get("a.b", "1.0.0");
log.info("hi", { a: 1 });
log.child({ b: 2 }).exception(new Error("x"));
try {
  log.error("x");
} catch (error) {
  if (error instanceof ConfigError || error instanceof CoreConfigError) error.issues.map(({ path }) => path);
}
export async function main(): Promise<CapturedLogs<number>> {
  await logging.flush(5);
  await logging.close();
  const file: FileSinkOptions = { mkdir: true };
  const otlp: OTLPSinkOptions = { endpoint: "http://x" };
  log.scoped({ sinks: [new FileSink("x", file), new OTLPSink(otlp)] } satisfies ScopeOptions);
  const queue: BatchingSink<string> = new Strings({ id: "s", transform: ({ body }) => String(body) });
  [
    queue,
    new LineEncoder(),
    toLine(testRecord({}), "dagstack"),
    createRedactor(),
    systemClock.now(),
    new ManualClock(),
    LineWriter,
    registerSinkConformance,
    installShutdownHooks,
  ];
  const reader: ContextReader = openTelemetryContextReader;
  const attributes: Attributes = { a: [1, "b"] };
  void [reader, attributes];
  let subject: SinkSubject | undefined;
  let context: SinkContext | undefined;
  void [subject, context];
  return captureLogs(() => 1);
}
