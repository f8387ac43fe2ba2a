import { type LogRecord, systemClock } from "@dagstack/logger-core";
import { ManualClock, RecordingContext, testRecord } from "@dagstack/logger-core/testing";
import { CertificateAuthority, decodeLogs, OtlpReceiver } from "@dagstack/otlp-receiver";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { OTLPLogExporter as GrpcExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPLogExporter as HttpExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { ConsoleLogRecordExporter, InMemoryLogRecordExporter } from "@opentelemetry/sdk-logs";
import { describe, expect, it } from "vitest";
import { type ExportedLogRecord, type ExportResult, type LogRecordExporter, OTLPSink } from "../src/index.ts";
import { numbered, numbersOf, rigOf, upTo } from "./rig.ts";

type Export = LogRecordExporter["export"];

class FakeExporter implements LogRecordExporter {
  readonly batches: ExportedLogRecord[][] = [];
  shutdowns = 0;
  readonly #answer: (done: (result: ExportResult) => void, count: number) => void;

  constructor(answer: (done: (result: ExportResult) => void, count: number) => void) {
    this.#answer = answer;
  }

  readonly export: Export = (records, done) => {
    this.batches.push(records);
    this.#answer(done, this.batches.length);
  };

  async shutdown(): Promise<void> {
    this.shutdowns += 1;
  }
}

function manual(exporter: LogRecordExporter, options: object = {}) {
  const clock = new ManualClock();
  const sink = new OTLPSink({ exporter, flushIntervalMs: 0, ...options });
  return { ...rigOf(sink, new RecordingContext(clock)), clock };
}

const FULL: LogRecord = testRecord({
  timeUnixNano: 1_700_000_000_123_456_789n,
  observedTimeUnixNano: 1_700_000_001_000_000_001n,
  severityNumber: 17,
  body: { text: "declined", list: [1, null, 2n ** 60n] },
  attributes: { "order.id": 42n, amount: 9.5, big: 2n ** 60n },
  resource: { attributes: { "service.name": "shop" } },
  instrumentationScope: { name: "shop.checkout", version: "1.4.0", attributes: { tier: "gold" } },
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: 1,
});

describe("OTLPSink({ exporter }): what the exporter gets", () => {
  it("is OpenTelemetry's ReadableLogRecord", async () => {
    const exporter = new FakeExporter((done) => done({ code: 0 }));
    const { emit, clock } = manual(exporter);
    emit(FULL);
    await clock.advance(10);
    expect(exporter.batches[0]?.[0]).toEqual({
      hrTime: [1_700_000_000, 123_456_789],
      hrTimeObserved: [1_700_000_001, 1],
      severityNumber: 17,
      severityText: "ERROR",
      body: { text: "declined", list: [1, null, "1152921504606846976"] },
      attributes: { "order.id": 42, amount: 9.5, big: "1152921504606846976" },
      resource: { attributes: { "service.name": "shop" } },
      instrumentationScope: { name: "shop.checkout", version: "1.4.0", attributes: { tier: "gold" } },
      spanContext: { traceId: FULL.traceId, spanId: FULL.spanId, traceFlags: 1 },
      droppedAttributesCount: 0,
    });
  });

  it("has one object per resource and scope, since exporters group by identity", async () => {
    const exporter = new FakeExporter((done) => done({ code: 0 }));
    const { emit, clock } = manual(exporter, { batchSize: 2 });
    emit(FULL, { ...FULL }, { ...FULL }, numbered(1), numbered(2));
    await clock.advance(10);
    const [a, b, c, d, e] = exporter.batches.flat();
    expect(a?.resource).toBe(b?.resource);
    expect(a?.instrumentationScope).toBe(c?.instrumentationScope);
    expect(d?.resource).toBe(e?.resource);
    expect(d).not.toHaveProperty("spanContext");
    expect(d?.instrumentationScope).toEqual({ name: "test" });
  });

  it("leaves out and counts a record that is none of ours", async () => {
    const exporter = new FakeExporter((done) => done({ code: 0 }));
    const { emit, clock, context } = manual(exporter);
    emit(numbered(0), { ...numbered(1), timeUnixNano: 5 as never }, numbered(2));
    await clock.advance(10);
    expect(exporter.batches[0]?.map(({ attributes }) => (attributes as { n: number }).n)).toEqual([0, 2]);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 2, dropped: { sink_error: 1 } });
    emit({ ...numbered(1), timeUnixNano: 5 as never });
    await clock.advance(10);
    expect(exporter.batches).toHaveLength(1);
    expect(context.ledger.pending).toBe(0);
  });
});

describe("OTLPSink({ exporter }): what its answer means", () => {
  const failure = (error: unknown) => (done: (result: ExportResult) => void, count: number) =>
    done(count === 1 ? { code: 1, error } : { code: 0 });

  it.each([
    ["no error", undefined],
    ["an error", new Error("hunter2")],
    ["HTTP 400", Object.assign(new Error("hunter2"), { code: 400 })],
    ["gRPC INVALID_ARGUMENT", Object.assign(new Error("hunter2"), { code: 3 })],
    ["retryable: false", { retryable: false }],
  ])("a failure with %s is final and counted, its text not told", async (_, error) => {
    const exporter = new FakeExporter(failure(error));
    const { emitMany, clock, context } = manual(exporter);
    emitMany(3);
    await clock.advance(60_000);
    expect(exporter.batches).toHaveLength(1);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 0, pending: 0, dropped: { sink_error: 3 } });
    expect(context.errors).toHaveLength(1);
    expect(String(context.errors[0]?.error)).not.toContain("hunter2");
  });

  it.each<readonly [string, unknown]>([
    ["retryable: true", { retryable: true }],
    ["HTTP 503", { code: 503 }],
    ["gRPC UNAVAILABLE", { code: 14 }],
    ["ECONNREFUSED", { code: "ECONNREFUSED" }],
    ...[
      "SELF_SIGNED_CERT_IN_CHAIN",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "CERT_HAS_EXPIRED",
      "CERT_NOT_YET_VALID",
      "CERT_REVOKED",
      "CERT_UNTRUSTED",
      "CERT_SIGNATURE_FAILURE",
      "CRL_HAS_EXPIRED",
      "INVALID_PURPOSE",
      "INVALID_CA",
      "PATH_LENGTH_EXCEEDED",
      "HOSTNAME_MISMATCH",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
      "ERR_SSL_WRONG_VERSION_NUMBER",
      "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED",
      "EPROTO",
    ].map((code) => [code, Object.assign(new Error("hunter2"), { code })] as const),
    ["a certificate error as a cause", new Error("x", { cause: { code: "CERT_HAS_EXPIRED" } })],
    ["ECONNREFUSED on every address", new AggregateError([Object.assign(new Error("x"), { code: "ECONNREFUSED" })])],
    ["the exporter's own retries used up", new Error("Export failed with retryable status")],
  ])("a failure that says %s is tried again", async (_, error) => {
    const exporter = new FakeExporter(failure(error));
    const { emitMany, clock, context } = manual(exporter);
    emitMany(3);
    await clock.advance(2_000);
    expect(exporter.batches).toHaveLength(2);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 3, dropped: {} });
    expect(clock.pendingTimers).toBe(0);
  });

  it("a certificate that OpenTelemetry's exporter does not trust is tried again until it does", async () => {
    const authority = new CertificateAuthority();
    const receiver = await OtlpReceiver.start({ tls: authority.issue("127.0.0.1") });
    const url = `${receiver.url}/v1/logs`;
    const exporters = [new HttpExporter({ url }), new HttpExporter({ url, httpAgentOptions: { ca: authority.cert } })];
    const exporter: LogRecordExporter = {
      export: (records, done) => exporters[0]?.export(records as never, done as never),
      shutdown: () => Promise.resolve(),
    };
    const sink = new OTLPSink({ exporter, flushIntervalMs: 0 });
    const { emitMany, context } = rigOf(sink, new RecordingContext(systemClock));
    emitMany(2);
    expect(await sink.flush(500)).toMatchObject({ success: false, droppedCount: 0 });
    expect(context.ledger.pending).toBe(2);
    exporters.shift();
    expect(await sink.flush(5_000)).toMatchObject({ success: true });
    expect(numbersOf(receiver.records())).toEqual(upTo(2));
    await sink.close();
    await receiver.stop();
  });

  it("a throw is final; no callback in timeoutMs is tried again; a late one changes nothing", async () => {
    const throwing = new FakeExporter(() => {
      throw new Error("hunter2");
    });
    const first = manual(throwing);
    first.emitMany(2);
    await first.clock.advance(60_000);
    expect(throwing.batches).toHaveLength(1);
    expect(first.context.ledger.dropped("sink_error")).toBe(2);

    const late: ((result: ExportResult) => void)[] = [];
    const silent = new FakeExporter((done, count) => (count === 1 ? late.push(done) : done({ code: 0 })));
    const second = manual(silent, { timeoutMs: 500 });
    second.emitMany(2);
    await second.clock.advance(499);
    expect(second.context.errors).toHaveLength(0);
    await second.clock.advance(2_000);
    late[0]?.({ code: 1 });
    await second.clock.advance(0);
    expect(second.context.ledger.snapshot()).toMatchObject({ delivered: 2, pending: 0, dropped: {} });
  });

  it("close() shuts the exporter down once, also when nothing was sent", async () => {
    const exporter = new FakeExporter((done) => done({ code: 0 }));
    const { sink, clock } = manual(exporter);
    const closed = Promise.all([sink.close(100), sink.close(100)]);
    await clock.advance(100);
    await closed;
    expect(exporter.shutdowns).toBe(1);
  });

  it("close() at its deadline abandons an exporter that never answers", async () => {
    const exporter = new FakeExporter(() => {});
    const { sink, emitMany, clock, context } = manual(exporter);
    emitMany(2);
    await clock.advance(10);
    const closed = sink.close(100);
    await clock.advance(200);
    await closed;
    expect(context.ledger.snapshot()).toMatchObject({ pending: 0, dropped: { closed: 2 } });
    expect(clock.pendingTimers).toBe(0);
  });

  it("flush() has the exporter flush too, in the time it has, and reports its failure", async () => {
    const calls: string[] = [];
    const exporterWith = (forceFlush: () => Promise<void>): LogRecordExporter => ({
      export: (_, done) => done({ code: 0 }),
      forceFlush() {
        calls.push("forceFlush");
        return forceFlush();
      },
      shutdown: async () => {},
    });
    const good = manual(exporterWith(async () => {}));
    good.emitMany(1);
    const flushed = good.sink.flush(1_000);
    await good.clock.advance(10);
    expect(await flushed).toMatchObject({ success: true });
    const bad = manual(exporterWith(() => Promise.reject(new Error("hunter2"))));
    const failed = bad.sink.flush(1_000);
    await bad.clock.advance(10);
    const id = "otlp:exporter";
    expect(await failed).toMatchObject({
      success: false,
      failedSinks: [{ sinkId: id, error: "the exporter's forceFlush failed" }],
    });
    const hanging = manual(exporterWith(() => new Promise(() => {})));
    const late = hanging.sink.flush(1_000);
    await hanging.clock.advance(1_000);
    expect(await late).toMatchObject({ success: false, failedSinks: [{ error: expect.stringContaining("timeout") }] });
    expect(calls).toHaveLength(3);
  });

  it("its id names the exporter's class (D-50)", () => {
    expect(new OTLPSink({ exporter: new InMemoryLogRecordExporter() }).id).toBe("otlp:InMemoryLogRecordExporter");
  });
});

describe("OTLPSink({ exporter }) with OpenTelemetry's exporters", () => {
  it("type-checks with those of sdk-logs", () => {
    const exporters: LogRecordExporter[] = [new InMemoryLogRecordExporter(), new ConsoleLogRecordExporter()];
    expect(exporters).toHaveLength(2);
  });

  async function deliversThrough(make: (url: string) => LogRecordExporter): Promise<void> {
    const receiver = await OtlpReceiver.start();
    const rig = rigOf(
      new OTLPSink({ exporter: make(`${receiver.url}/v1/logs`), flushIntervalMs: 5 }),
      new RecordingContext(systemClock),
    );
    receiver.respond([{ kind: "status", status: 503, headers: { "retry-after": "1" } }]);
    rig.emit(FULL);
    rig.emitMany(20);
    expect(await rig.sink.flush(8_000)).toMatchObject({ success: true });
    const [first, ...rest] = receiver.records();
    expect(first).toMatchObject({
      timeUnixNano: FULL.timeUnixNano,
      severityText: "ERROR",
      attributes: { "order.id": 42, amount: 9.5, big: "1152921504606846976" },
      resource: { "service.name": "shop" },
      scope: { name: "shop.checkout", version: "1.4.0" },
      traceId: FULL.traceId,
      flags: 1,
    });
    expect(numbersOf(rest)).toEqual(upTo(20));
    await rig.sink.close(1_000);
    await receiver.stop();
  }

  it("exporter-logs-otlp-http 0.223 (generation 2)", async () => {
    await deliversThrough((url) => new HttpExporter({ url }));
  }, 15_000);

  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const runsGen3 = major > 22 || (major === 22 && minor >= 15);

  it.skipIf(!runsGen3)(
    "exporter-logs-otlp-http 0.301 (generation 3), Node 22.15 and later",
    async () => {
      const { OTLPLogExporter } = await import("opentelemetry-gen3");
      await deliversThrough((url) => new OTLPLogExporter({ url }));
    },
    15_000,
  );

  it("exporter-logs-otlp-grpc 0.223", async () => {
    const bodies: Buffer[] = [];
    const server = new Server();
    const path = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    const bytes = (value: Buffer): Buffer => value;
    server.addService(
      {
        export: {
          path,
          requestStream: false,
          responseStream: false,
          requestDeserialize: bytes,
          requestSerialize: bytes,
          responseDeserialize: bytes,
          responseSerialize: bytes,
        },
      },
      {
        export(call: { request: Buffer }, done: (error: null, response: Buffer) => void) {
          bodies.push(call.request);
          done(null, Buffer.alloc(0));
        },
      },
    );
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const exporter = new GrpcExporter({ url: `http://127.0.0.1:${port}` });
    const { sink, emitMany } = rigOf(new OTLPSink({ exporter }), new RecordingContext(systemClock));
    emitMany(20);
    expect(await sink.flush(5_000)).toMatchObject({ success: true });
    expect(numbersOf(bodies.flatMap((body) => decodeLogs(body, "protobuf")))).toEqual(upTo(20));
    await sink.close(1_000);
    server.forceShutdown();
  });
});
