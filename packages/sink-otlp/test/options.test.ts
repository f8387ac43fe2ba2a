import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@dagstack/logger-core";
import { CertificateAuthority } from "@dagstack/otlp-receiver";
import { describe, expect, it } from "vitest";
import { OTLPSink, type OTLPSinkOptions } from "../src/index.ts";
import { answer, manualRig } from "./rig.ts";

const authority = new CertificateAuthority();
const folder = mkdtempSync(join(tmpdir(), "sink-otlp-"));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function errorOf(options: unknown): ConfigError {
  try {
    new OTLPSink(options as OTLPSinkOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error("no error was thrown");
}

async function urlFor(endpoint: string | URL): Promise<string | undefined> {
  const { emitMany, advance, requests } = manualRig(() => answer(200), { endpoint });
  emitMany(1);
  await advance(2_000);
  return requests[0]?.url;
}

describe("endpoint", () => {
  it.each([
    ["http://collector:4318", "http://collector:4318/v1/logs"],
    ["http://collector:4318/", "http://collector:4318/v1/logs"],
    ["https://collector/otlp", "https://collector/otlp/v1/logs"],
    ["https://collector/otlp/v1/logs", "https://collector/otlp/v1/logs"],
    ["https://collector/v1/logs/", "https://collector/v1/logs"],
    ["https://collector/otlp?tenant=a", "https://collector/otlp/v1/logs?tenant=a"],
    ["http://[::1]:4318#part", "http://[::1]:4318/v1/logs"],
    [new URL("http://collector:1"), "http://collector:1/v1/logs"],
  ])("%s posts to %s (§7.2)", async (endpoint, url) => {
    expect(await urlFor(endpoint)).toBe(url);
  });

  it("is http://localhost:4318 by default", async () => {
    expect(new OTLPSink().id).toBe("otlp:http://localhost:4318");
    const { emitMany, advance, requests } = manualRig(() => answer(200));
    emitMany(1);
    await advance(2_000);
    expect(requests[0]?.url).toBe("http://localhost:4318/v1/logs");
  });

  it("user info becomes an authorization header and leaves the URL", async () => {
    const endpoint = "https://us%C3%A9r:p%40ss@collector";
    const { emitMany, advance, requests } = manualRig(() => answer(200), { endpoint });
    emitMany(1);
    await advance(2_000);
    expect(requests[0]?.url).toBe("https://collector/v1/logs");
    expect(requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from("usér:p@ss").toString("base64")}`);
  });
});

describe("id (D-50)", () => {
  it.each([
    ["https://user:secret@otel.example:4318/base?key=secret#x", "otlp:https://otel.example:4318/base"],
    ["https://otel.example:4318", "otlp:https://otel.example:4318"],
    ["https://otel.example:443/v1/logs", "otlp:https://otel.example/v1/logs"],
  ])("of %s has neither user info nor query", (endpoint, id) => {
    expect(new OTLPSink({ endpoint }).id).toBe(id);
  });

  it("is what the option says", () => {
    expect(new OTLPSink({ id: "otlp:prod" }).id).toBe("otlp:prod");
  });
});

describe("ConfigError names option, value and fix", () => {
  it.each<[string, unknown, string, RegExp]>([
    ["endpoint", { endpoint: "collector" }, "endpoint", /got text that is no URL; allowed: an http or https URL; fix/],
    ["endpoint", { endpoint: "collector:4318" }, "endpoint", /another scheme; allowed: an http or https URL; fix: use/],
    ["endpoint", { endpoint: "ftp://collector" }, "endpoint", /got a URL with another scheme/],
    ["endpoint", { endpoint: 4318 }, "endpoint", /4318/],
    ["endpoint", { endpoint: "http://%zz@collector" }, "endpoint", /not percent-encoded.*percent-encode user name/],
    ["protocol", { protocol: "http" }, "protocol", /got "http"; allowed: "http\/protobuf", "http\/json"/],
    ["protocol", { protocol: "grpc" }, "protocol", /exporter-logs-otlp-grpc as exporter/],
    ["header name", { headers: { "x key": "v" } }, "headers", /a header name with other characters/],
    ["header of ours", { headers: { "Content-Type": "v" } }, "headers.Content-Type", /that the sink sets itself/],
    ["header value", { headers: { "x-key": "a\nb" } }, "headers.x-key", /line breaks/],
    ["header value", { headers: { "x-key": 5 } }, "headers.x-key", /number as value; allowed: a string/],
    ["headers", { headers: "x-key: v" }, "headers", /got a string/],
    ["compression", { compression: "br" }, "compression", /"br"; allowed: "none", "gzip"/],
    ["timeoutMs", { timeoutMs: 0 }, "timeoutMs", /got 0; allowed: a whole number of milliseconds from 1/],
    ["retryBudgetMs", { retryBudgetMs: -1 }, "retryBudgetMs", /got -1; .*at least 0; fix: leave it out for 300000/],
    ["queueSize", { queueSize: 0 }, "queueSize", /got 0/],
    ["queueBytes", { queueBytes: "1MB" }, "queueBytes", /"1MB"/],
    ["batchSize", { batchSize: 1.5 }, "batchSize", /1\.5/],
    ["flushIntervalMs", { flushIntervalMs: -1 }, "flushIntervalMs", /-1/],
    ["closeTimeoutMs", { closeTimeoutMs: Number.NaN }, "closeTimeoutMs", /NaN/],
    ["overflow", { overflow: "block" }, "overflow", /"block"; allowed: "drop_oldest", "drop_newest"/],
    ["minSeverity", { minSeverity: "loud" }, "minSeverity", /"loud"/],
    ["id", { id: "" }, "id", /non-empty/],
    ["fetch", { fetch: "node-fetch" }, "fetch", /a function/],
    ["an unknown option", { url: "x" }, "url", /does not exist/],
    ["exporter", { exporter: {} }, "exporter", /LogRecordExporter/],
    ["exporter", { exporter: null }, "exporter", /got null/],
    ["exporter beside endpoint", { exporter: goodExporter(), endpoint: "http://x" }, "endpoint", /beside exporter/],
    ["tls without https", { tls: { ca: authority.cert } }, "tls", /without TLS/],
    ["tls.ca", { endpoint: "https://x", tls: { ca: "/etc/ca.pem" } }, "tls.ca", /not in PEM; .*its path as caFile/],
    ["tls.key", { endpoint: "https://x", tls: { key: 5 } }, "tls.key", /got 5/],
    ["tls.caFile", { endpoint: "https://x", tls: { caFile: "/no/such" } }, "tls.caFile", /"\/no\/such" \(ENOENT\)/],
    ["tls.caFile", { endpoint: "https://x", tls: { caFile: folder } }, "tls.caFile", /\(EISDIR\)/],
    ["tls.caFile", { endpoint: "https://x", tls: { caFile: file("a", "no") } }, "tls.caFile", /\(not in PEM\)/],
    ["tls.caFile", { endpoint: "https://x", tls: { caFile: 5 } }, "tls.caFile", /got 5; allowed: a path/],
    ["two CAs", { endpoint: "https://x", tls: { ca: authority.cert, caFile: "x" } }, "tls.caFile", /ca and caFile/],
    ["cert alone", { endpoint: "https://x", tls: { cert: authority.issue("a").cert } }, "tls.key", /cert without key/],
    ["key alone", { endpoint: "https://x", tls: { key: authority.issue("a").key } }, "tls.cert", /key without cert/],
    [
      "a key of another certificate",
      { endpoint: "https://x", tls: { cert: authority.issue("a").cert, key: authority.issue("a").key } },
      "tls",
      /belong together/,
    ],
    ["an unknown tls option", { endpoint: "https://x", tls: { pfx: "x" } }, "tls.pfx", /does not exist/],
    [
      "tls beside fetch",
      { endpoint: "https://x", fetch: () => {}, tls: { ca: authority.cert } },
      "tls",
      /the business of your fetch/,
    ],
  ])("%s %#", (_, options, path, message) => {
    const error = errorOf(options);
    expect(error.path).toBe(path);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^OTLPSink: /);
  });

  it("lists all problems at once", () => {
    const { issues } = errorOf({ endpoint: "x", protocol: "y", queueSize: -1, tls: 5 });
    expect(issues.map(({ path }) => path).sort()).toEqual(["endpoint", "protocol", "queueSize", "tls"]);
  });

  it("never repeats a secret", () => {
    const secrets = [
      { endpoint: "collector://user:hunter2@host" },
      { endpoint: "user:hunter2@host" },
      { endpoint: "nonsense?token=hunter2" },
      { headers: { authorization: "hunter2\n" } },
      { headers: "authorization=hunter2" },
      { endpoint: "https://x", tls: { key: "hunter2" } },
    ];
    for (const options of secrets) expect(errorOf(options).message).not.toContain("hunter2");
  });

  it.each<[string, unknown]>([
    ["a password with a slash", { endpoint: "https://alice:hunter2/def==@host" }],
    ["one with a hash", { endpoint: "https://alice:hunter2#x@host" }],
    ["a broken percent-encoding", { endpoint: "https://alice:hunter2%zz@host" }],
    ["a token in place of the URL", { endpoint: "Bearer hunter2" }],
    ["a token that reads like a scheme", { endpoint: "hunter2:x" }],
    ["a URL object", { endpoint: new URL("ftp://alice:hunter2@host") }],
    ["a proxy", { proxy: "hunter2" }],
    ["a proxy of another scheme", { proxy: "socks5://alice:hunter2@proxy" }],
    ["a header line as a name", { headers: { "authorization: hunter2": "" } }],
    ["a header line as its value", { headers: ["authorization: hunter2"] }],
    ["a key as the path of one", { endpoint: "https://x", tls: { keyFile: "hunter2", certFile: "x" } }],
    [
      "a key and certificate as a path",
      { endpoint: "https://x", tls: { certFile: "-----BEGIN PRIVATE KEY-----hunter2" } },
    ],
    ["the value of headers()", { headers: "hunter2" }],
  ])("no piece of what is refused is shown where it could be a secret: %s", (_, options) => {
    const { message, issues } = errorOf(options);
    expect(`${message} ${JSON.stringify(issues)}`).not.toMatch(/hunter2|alice/);
  });
});

function goodExporter(): NonNullable<OTLPSinkOptions["exporter"]> {
  return { export: (_, done) => done({ code: 0 }), shutdown: () => Promise.resolve() };
}
