import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateAuthority } from "@dagstack/otlp-receiver";
import { afterEach, describe, expect, it, vi } from "vitest";
import { OTLPSink, type OTLPSinkOptions } from "../src/index.ts";
import { readSettings } from "../src/options.ts";
import { answer, type ManualRig, manualRig, numbered, withReceiver } from "./rig.ts";

const PREFIX = "OTEL_EXPORTER_OTLP_";

function set(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

async function firstRequest(options: OTLPSinkOptions = {}): Promise<ManualRig> {
  const rig = manualRig(() => answer(200), options);
  rig.emitMany(1);
  await rig.advance(2_000);
  return rig;
}

function ignoredBy({ context }: ManualRig): string {
  return context.errors
    .filter(({ type }) => type === "environment")
    .map(({ error }) => String(error))
    .join("\n");
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the environment (design §7)", () => {
  it("OTEL_EXPORTER_OTLP_ENDPOINT gets /v1/logs", async () => {
    set({ [`${PREFIX}ENDPOINT`]: "http://collector:4318/base" });
    const { requests, sink } = await firstRequest();
    expect(requests[0]?.url).toBe("http://collector:4318/base/v1/logs");
    expect(sink.id).toBe("otlp:http://collector:4318/base");
  });

  it("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is used as it is, and goes first", async () => {
    set({ [`${PREFIX}LOGS_ENDPOINT`]: "http://logs:4318/in", [`${PREFIX}ENDPOINT`]: "http://collector:4318" });
    expect((await firstRequest()).requests[0]?.url).toBe("http://logs:4318/in");
  });

  it("options win", async () => {
    set({
      [`${PREFIX}LOGS_ENDPOINT`]: "http://logs:4318/in",
      [`${PREFIX}HEADERS`]: "x-a=env,x-b=env",
      [`${PREFIX}PROTOCOL`]: "http/json",
      [`${PREFIX}COMPRESSION`]: "gzip",
    });
    const { requests } = await firstRequest({
      endpoint: "http://mine:1",
      headers: { "X-A": "mine" },
      protocol: "http/protobuf",
      compression: "none",
    });
    expect(requests[0]?.url).toBe("http://mine:1/v1/logs");
    expect(requests[0]?.headers).toEqual({
      "x-a": "mine",
      "x-b": "env",
      "content-type": "application/x-protobuf",
    });
  });

  it("headers are percent-decoded pairs; those for logs go over those for all signals", async () => {
    set({
      [`${PREFIX}HEADERS`]: "Authorization=Basic%20abc%3D%3D, x-a=1 ,,x-b=2",
      [`${PREFIX}LOGS_HEADERS`]: "x-b=3=4",
    });
    expect((await firstRequest()).requests[0]?.headers).toMatchObject({
      authorization: "Basic abc==",
      "x-a": "1",
      "x-b": "3=4",
    });
  });

  it("protocol and compression", async () => {
    set({ [`${PREFIX}PROTOCOL`]: "http/protobuf", [`${PREFIX}LOGS_PROTOCOL`]: "http/json" });
    expect((await firstRequest()).requests[0]?.headers["content-type"]).toBe("application/json");
    set({ [`${PREFIX}COMPRESSION`]: "gzip" });
    await withReceiver({}, async ({ sink, emitMany, receiver }) => {
      emitMany(1);
      await sink.flush(2_000);
      expect(receiver.requests()[0]?.headers["content-encoding"]).toBe("gzip");
      expect(receiver.records()).toHaveLength(1);
    });
  });

  it.each([
    [{ [`${PREFIX}TIMEOUT`]: "3000" }, 3_000],
    [{ [`${PREFIX}TIMEOUT`]: "3000", [`${PREFIX}LOGS_TIMEOUT`]: "2000" }, 2_000],
    [{ OTEL_BLRP_EXPORT_TIMEOUT: "4000" }, 4_000],
    [{ OTEL_BLRP_EXPORT_TIMEOUT: "4000", [`${PREFIX}TIMEOUT`]: "3000" }, 3_000],
  ])("%j limits an attempt to %i ms", async (variables, timeoutMs) => {
    set(variables as Record<string, string>);
    const { emitMany, advance, requests } = manualRig(() => "hang", { flushIntervalMs: 0 });
    emitMany(1);
    await advance(timeoutMs - 1);
    expect(requests[0]?.init.signal?.aborted).toBe(false);
    await advance(1);
    expect(requests[0]?.init.signal?.aborted).toBe(true);
  });

  it("OTEL_BLRP_*: queue, batch and delay", async () => {
    set({
      OTEL_BLRP_SCHEDULE_DELAY: "200",
      OTEL_BLRP_MAX_QUEUE_SIZE: "20",
      OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: "8",
    });
    const { emitMany, advance, requests, context } = manualRig(() => answer(200));
    emitMany(25);
    await advance(199);
    expect(requests).toHaveLength(2);
    await advance(1);
    expect(requests).toHaveLength(3);
    expect(context.ledger.snapshot()).toMatchObject({ delivered: 20, dropped: { buffer_overflow: 5 } });
  });

  it("certificates: a private authority and a client certificate", async () => {
    const authority = new CertificateAuthority();
    const folder = mkdtempSync(join(tmpdir(), "sink-otlp-"));
    const client = authority.issue("client");
    const files = { ca: authority.cert, cert: client.cert, key: client.key };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    set({
      [`${PREFIX}CERTIFICATE`]: join(folder, "ca"),
      [`${PREFIX}CLIENT_CERTIFICATE`]: join(folder, "cert"),
      [`${PREFIX}LOGS_CLIENT_KEY`]: join(folder, "key"),
    });
    const tls = { ...authority.issue("127.0.0.1"), ca: authority.cert };
    await withReceiver(
      {},
      async ({ sink, emitMany, receiver }) => {
        emitMany(1);
        expect(await sink.flush(2_000)).toMatchObject({ success: true });
        expect(receiver.records()).toHaveLength(1);
      },
      { tls },
    );
  });

  it("OTEL_SDK_DISABLED: accepts nothing, counts nothing, sends nothing", async () => {
    set({ OTEL_SDK_DISABLED: " TRUE " });
    const { sink, context, requests, advance } = manualRig(() => answer(200));
    expect(sink.supportsSeverity(24)).toBe(false);
    sink.emit(numbered(1));
    const flushed = sink.flush(1_000);
    const closed = sink.close(1_000);
    await advance(2_000);
    expect(await flushed).toEqual({ success: true, partial: false, failedSinks: [], droppedCount: 0 });
    await closed;
    sink.emit(numbered(2));
    await expect(new OTLPSink({ endpoint: "http://127.0.0.1:9" }).open()).resolves.toBeUndefined();
    expect(requests).toHaveLength(0);
    expect(context.ledger.snapshot()).toEqual({ accepted: 0, delivered: 0, pending: 0, dropped: {} });
  });

  it.each(["false", "1", "yes", ""])("OTEL_SDK_DISABLED=%j changes nothing", async (value) => {
    set({ OTEL_SDK_DISABLED: value });
    expect((await firstRequest()).requests).toHaveLength(1);
  });

  it("a bad variable is ignored, with one diagnostic that names them all and holds no value", async () => {
    set({
      [`${PREFIX}ENDPOINT`]: "collector:hunter2",
      [`${PREFIX}PROTOCOL`]: "grpc",
      [`${PREFIX}LOGS_HEADERS`]: "hunter2",
      [`${PREFIX}HEADERS`]: "x-a=1,bad name=hunter2",
      [`${PREFIX}TIMEOUT`]: "10s",
      [`${PREFIX}LOGS_TIMEOUT`]: "0",
      [`${PREFIX}COMPRESSION`]: "zstd",
      [`${PREFIX}CERTIFICATE`]: "/no/such/file",
      OTEL_BLRP_MAX_QUEUE_SIZE: "-1",
      OTEL_BLRP_SCHEDULE_DELAY: "1e3",
    });
    const rig = await firstRequest();
    expect(rig.requests[0]?.url).toBe("http://localhost:4318/v1/logs");
    expect(rig.requests[0]?.headers).toEqual({ "content-type": "application/x-protobuf" });
    expect(rig.context.errors).toHaveLength(1);
    const told = ignoredBy(rig);
    for (const name of [
      "OTLP_ENDPOINT",
      "OTLP_PROTOCOL",
      "LOGS_HEADERS",
      "OTLP_HEADERS",
      "OTLP_TIMEOUT",
      "LOGS_TIMEOUT",
      "OTLP_COMPRESSION",
      "OTLP_CERTIFICATE",
      "MAX_QUEUE_SIZE",
      "SCHEDULE_DELAY",
    ]) {
      expect(told).toContain(name);
    }
    expect(told).not.toContain("hunter2");
  });

  it("a client certificate without a key, or one that does not fit, is ignored", async () => {
    const authority = new CertificateAuthority();
    const folder = mkdtempSync(join(tmpdir(), "sink-otlp-"));
    const paths = { cert: join(folder, "cert"), key: join(folder, "key") };
    writeFileSync(paths.cert, authority.issue("a").cert);
    writeFileSync(paths.key, authority.issue("b").key);
    set({ [`${PREFIX}CLIENT_CERTIFICATE`]: paths.cert });
    const { delivery } = readSettings({ endpoint: "https://x" }, process.env);
    expect("request" in delivery && delivery.request.defaults.tls).toBeUndefined();
    expect(ignoredBy(await firstRequest())).toContain(
      "CLIENT_CERTIFICATE (must be accompanied by a usable CLIENT_KEY)",
    );
    set({ [`${PREFIX}CLIENT_KEY`]: paths.key });
    expect(ignoredBy(await firstRequest())).toContain("belong together");
  });

  it("with an exporter, its own variables are not read here", async () => {
    set({ [`${PREFIX}ENDPOINT`]: "nonsense", OTEL_BLRP_MAX_QUEUE_SIZE: "2" });
    const exporter = { export: () => {}, shutdown: () => Promise.resolve() };
    expect(new OTLPSink({ exporter }).id).toBe("otlp:exporter");
  });
});
