import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { CallbackSink } from "@dagstack/sink-callback";
import { ConsoleSink } from "@dagstack/sink-console";
import { FileSink } from "@dagstack/sink-file";
import { InMemorySink } from "@dagstack/sink-memory";
import { OTLPSink } from "@dagstack/sink-otlp";
import { afterEach, expect, it } from "vitest";
import { type ConfigureOptions, configure, INTERNAL_LOGGER_NAME, Logger, type Logging } from "../../src/index.ts";
import { refusalOf } from "../config-refusal.ts";
import { brokenSink, ProbeSink } from "../probe-sinks.ts";
import { logCanary, SECRET_KEYS, shapes } from "./canary-records.ts";

afterEach(() => Logger.reset());

const newCanary = (): string => `canary-${randomBytes(12).toString("hex")}`;

/** Everything a value says, and its bytes in the spellings that they may have. */
const shown = (value: unknown): string =>
  typeof value === "string" ? value : inspect(value, { depth: Infinity, maxArrayLength: null, maxStringLength: null });

/** The names of the outputs that hold the canary, plain, as base64 or as hex. */
function leaks(outputs: Readonly<Record<string, unknown>>, canary: string): string[] {
  const bytes = Buffer.from(canary);
  // The middle of the base64 text, whatever stands before.
  const spellings = [canary, bytes.toString("hex"), ...[0, 1, 2].map((at) => base64Inside(bytes, at))];
  return Object.entries(outputs).flatMap(([name, value]) =>
    spellings.some((spelling) => shown(value).includes(spelling)) ? [name] : [],
  );
}

function base64Inside(bytes: Buffer, shift: number): string {
  return Buffer.concat([Buffer.alloc(shift), bytes])
    .toString("base64")
    .slice(4, -4);
}

/** A receiver that takes requests, keeps what was sent and answers with what it saw, secrets in headers included. */
class EchoingReceiver {
  bodies = "";
  readonly #answer: (echo: string) => Response;

  constructor(answer: (echo: string) => Response) {
    this.#answer = answer;
  }

  readonly fetch: typeof globalThis.fetch = async (_, init) => {
    const body = Buffer.from(init?.body as Uint8Array).toString("latin1");
    this.bodies += body;
    return this.#answer(JSON.stringify([init?.headers, body]));
  };
}

interface Watched {
  readonly logging: Logging;
  /** Everything that came out, after `close`. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function watch(canary: string, options: ConfigureOptions = {}): Watched {
  const folder = mkdtempSync(join(tmpdir(), "dagstack-canary-"));
  folders.push(folder);
  const path = join(folder, "app.jsonl");
  const seen: Record<string, string> = {};
  const stream = (name: string): { write(text: string | Uint8Array): void } => ({
    write: (text) => {
      seen[name] = `${seen[name] ?? ""}${typeof text === "string" ? text : Buffer.from(text).toString()}`;
    },
  });
  const called: unknown[] = [];
  const memory = new InMemorySink({ capacity: 10_000 });
  const diagnostics = new ProbeSink("diagnostics");
  const headers = { authorization: `Bearer ${canary}`, "x-canary": canary };
  const receivers = {
    accepts: new EchoingReceiver(() => new Response()),
    refuses: new EchoingReceiver((echo) => new Response(echo, { status: 400, statusText: canary })),
    refusesSome: new EchoingReceiver((echo) =>
      Response.json({ partialSuccess: { rejectedLogRecords: 1, errorMessage: echo } }),
    ),
    fails: new EchoingReceiver((echo) => {
      throw new TypeError(`fetch failed: ${echo}`, { cause: new Error(canary) });
    }),
  };
  const failing = (record: unknown): never => {
    throw new Error(`cannot take ${shown(record)}`);
  };
  const logging = configure({
    resource: { "service.name": "canary" },
    ...options,
    loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] } },
    sinks: [
      memory,
      new FileSink(path),
      // Full from the first byte.
      ...(process.platform === "linux" ? [new FileSink("/dev/full", { closeTimeoutMs: 20 })] : []),
      new ConsoleSink({ id: "json", mode: "json", stream: stream("json") }),
      new ConsoleSink({ id: "pretty", mode: "pretty", stream: stream("pretty") }),
      new ConsoleSink({ id: "closed pipe", mode: "json", stream: { write: failing } }),
      new CallbackSink((record) => void called.push(record), { id: "takes" }),
      new CallbackSink(failing, { id: "throws" }),
      new CallbackSink(async (record) => failing(record), { id: "rejects", queueSize: 10_000 }),
      brokenSink("throws everywhere", { emit: failing, flush: failing, close: failing }),
      ...Object.entries(receivers).flatMap(([id, { fetch }]) =>
        (["http/protobuf", "http/json"] as const).map(
          (protocol) =>
            new OTLPSink({
              id: `${id} ${protocol}`,
              endpoint: `http://u:${canary}@otlp.test`,
              protocol,
              headers,
              fetch,
            }),
        ),
      ),
    ],
  });
  return {
    logging,
    outputs: async () => {
      const flushed = await logging.flush(200);
      const explained = ["", "canary", INTERNAL_LOGGER_NAME].map((name) => logging.explain(name));
      const closed = await logging.close(200);
      const metrics = Logger.metrics.snapshot();
      return {
        ...seen,
        ...Object.fromEntries(Object.entries(receivers).map(([name, { bodies }]) => [`otlp ${name}`, bodies])),
        memory: memory.records(),
        callback: called,
        file: readFileSync(path, "utf8"),
        diagnostics: diagnostics.records,
        flushed,
        closed,
        explained,
        metrics,
      };
    },
  };
}

it.each(SECRET_KEYS)(
  "design §8 row 12, §10: a secret under %s is in no output of any sink, diagnostic, metric or result, and is not read",
  { timeout: 30_000 },
  async (key) => {
    const canary = newCanary();
    const reads = { count: 0 };
    const watched = watch(canary);
    for (const shape of Object.values(shapes)) logCanary(shape, key, canary, reads);
    const outputs = await watched.outputs();
    expect(leaks(outputs, canary)).toEqual([]);
    expect(reads.count).toBe(0);
    // It would prove little if nothing had come out.
    const count = 7 * Object.keys(shapes).length;
    expect(outputs.memory).toHaveLength(count);
    expect(outputs.callback).toHaveLength(count);
    for (const name of ["json", "file", "otlp accepts", "otlp refuses", "otlp refusesSome", "otlp fails"])
      expect(outputs[name]).toContain("***");
    expect(outputs.closed).toMatchObject({ success: false });
    expect(shown(outputs.diagnostics)).toContain("sink_error");
  },
);

it("§3.4, §10: a secret that comes as baggage is in no output", { timeout: 30_000 }, async () => {
  const canary = newCanary();
  const contextReader = { active: () => ({}), span: () => undefined, baggage: () => canary };
  const watched = watch(canary, { contextReader, baggageKeys: [...SECRET_KEYS] });
  Logger.get("canary").info("x");
  Logger.get("canary").exception(new Error("x"));
  const outputs = await watched.outputs();
  expect(leaks(outputs, canary)).toEqual([]);
  expect(outputs.file).toContain('"api_key":"***"');
});

it("§3.4: what a context reader says when it throws is in no output", { timeout: 30_000 }, async () => {
  const canary = newCanary();
  const failing = (): never => {
    throw new Error(canary);
  };
  const watched = watch(canary, { contextReader: { active: failing, span: failing, baggage: failing } });
  Logger.get("canary").info("x");
  expect(leaks(await watched.outputs(), canary)).toEqual([]);
});

it("D-80: with the strict preset a secret in a body that is a map is in no output", { timeout: 30_000 }, async () => {
  const canary = newCanary();
  const reads = { count: 0 };
  const watched = watch(canary, { redaction: { preset: "strict" } });
  for (const shape of Object.values(shapes)) Logger.get("canary").info(shape("db_password", canary, reads));
  expect(leaks(await watched.outputs(), canary)).toEqual([]);
  expect(reads.count).toBe(0);
});

it("§6: sinks of a scope, and captures, get no secret either", async () => {
  const canary = newCanary();
  const sink = new ProbeSink("scope");
  configure({ sinks: [] });
  await Logger.get("canary").withScopedSinks([sink], (log) =>
    log.info("x", { api_key: canary, a: { api_key: canary } }),
  );
  Logger.get("canary")
    .withSinks([sink])
    .info("x", { list: [{ api_key: canary }] });
  expect(sink.records).toHaveLength(2);
  expect(leaks({ scope: sink.records }, canary)).toEqual([]);
});

const canary = newCanary();
it.each<[string, () => unknown]>([
  ["resource", () => configure({ resource: { api_key: { value: canary } } as never })],
  ["unknown option", () => configure({ api_key: canary } as never)],
  ["context reader", () => configure({ contextReader: { api_key: canary } as never })],
  ["sink", () => configure({ sinks: [{ api_key: canary }] as never })],
  ["redaction", () => configure({ redaction: { api_key: canary } as never })],
  ["scope", () => Logger.get("a").scoped({ api_key: canary } as never)],
  ["user info", () => new OTLPSink({ endpoint: `ftp://user:${canary}@otlp.test` })],
  ["user info that is no URL", () => new OTLPSink({ endpoint: `http://user:${canary}@` })],
  ["query", () => new OTLPSink({ endpoint: `ftp://otlp.test/?api_key=${canary}` })],
  ["header value", () => new OTLPSink({ headers: { authorization: `${canary}\n` } })],
  ["header value of a wrong kind", () => new OTLPSink({ headers: { authorization: [canary] } as never })],
  ["private key", () => new OTLPSink({ endpoint: "https://otlp.test", tls: { key: canary, cert: canary } })],
])("§9.2: the ConfigError about a bad %s does not tell the secret", (_, work) => {
  const { message, issues, path } = refusalOf(work);
  expect(leaks({ message, issues, path }, canary)).toEqual([]);
});
