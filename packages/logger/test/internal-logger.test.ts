import { DIAGNOSTIC_EVENTS, INTERNAL_LOGGER_NAME, type LogRecord, type SinkContext } from "@dagstack/logger-core";
import { describe, expect, it, vi } from "vitest";
import { configure, Logger } from "../src/index.ts";
import { readFixture } from "./fixtures.ts";
import {
  AttachedProbe,
  brokenSink,
  configureWithDiagnostics,
  eventNames,
  ProbeSink,
  resetAfterEach,
} from "./probe-sinks.ts";

interface EventSchema {
  readonly schema_version: string;
  readonly severity_number: number;
  readonly required_attributes: readonly string[];
  readonly optional_attributes: readonly string[];
}

const schemas = readFixture<{
  readonly events: Readonly<Record<string, EventSchema>>;
  readonly attributes: Readonly<Record<string, { readonly type: string }>>;
}>("events/dagstack.json");
const EVENT_ATTRIBUTES = ["event.domain", "event.name", "event.schema_version"];

/** What is ours and not in the contract's schema. */
const OURS = ["registry_not_shared", "resource_incomplete"];

/** What is wrong with a diagnostic by the contract's schema. */
function violations(record: LogRecord): string[] {
  const name = String(record.attributes["event.name"]);
  const schema = schemas.events[name];
  if (schema === undefined) return OURS.includes(name) ? [] : [`${name}: unknown`];
  const { required_attributes: required, optional_attributes: optional } = schema;
  const found: string[] = [];
  for (const key of required) if (!(key in record.attributes)) found.push(`${name}: no ${key}`);
  for (const [key, value] of Object.entries(record.attributes)) {
    if (EVENT_ATTRIBUTES.includes(key)) continue;
    if (!required.includes(key) && !optional.includes(key)) found.push(`${name}: surplus ${key}`);
    const wanted = schemas.attributes[key]?.type === "int" ? "number" : "string";
    if (typeof value !== wanted) found.push(`${name}: ${key} is a ${typeof value}`);
  }
  if (record.severityNumber !== schema.severity_number) found.push(`${name}: severity ${record.severityNumber}`);
  if (record.attributes["event.schema_version"] !== schema.schema_version) found.push(`${name}: version`);
  if (record.attributes["event.domain"] !== "dagstack") found.push(`${name}: domain`);
  if (record.instrumentationScope.name !== INTERNAL_LOGGER_NAME) found.push(`${name}: scope`);
  return found;
}

const boom = (): never => {
  throw new TypeError("boom");
};

describe("§7.4 the internal logger", () => {
  resetAfterEach();

  it("D-67: has its own level, INFO, whatever the root's", () => {
    const { diagnostics } = configureWithDiagnostics({ level: "fatal", sinks: [brokenSink("b", { emit: boom })] });
    Logger.get("a").fatal("x");
    expect(eventNames(diagnostics)).toEqual(["sink_error"]);
  });

  it("D-67: its level can be set by configuration", () => {
    const diagnostics = new ProbeSink("diagnostics");
    configure({
      resource: { db_password: "x" },
      sinks: [brokenSink("b", { emit: boom })],
      loggers: { [INTERNAL_LOGGER_NAME]: { level: "error", sinks: [diagnostics] } },
    });
    Logger.get("a").info("x");
    expect(eventNames(diagnostics)).toEqual(["sink_error"]);
  });

  it("never inherits the root's sinks", () => {
    const root = new ProbeSink("root");
    configureWithDiagnostics({ sinks: [root, brokenSink("b", { emit: boom })] });
    Logger.get("a").info("x");
    expect(root.bodies).toEqual(["x"]);
  });

  it("setSinks overrides its sinks", () => {
    const diagnostics = new ProbeSink("diagnostics");
    configure({ sinks: [brokenSink("b", { emit: boom })] });
    Logger.get(INTERNAL_LOGGER_NAME).setSinks([diagnostics]);
    Logger.get("a").info("x");
    expect(eventNames(diagnostics)).toEqual(["sink_error"]);
  });

  it("by default writes one JSON line to stderr at once", () => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      configure({ sinks: [brokenSink("b", { emit: boom })] });
      Logger.get("a").info("x");
      expect(write).toHaveBeenCalledTimes(1);
      const line = String(write.mock.calls[0]?.[0]);
      expect(line).toMatch(/^\{.*\}\n$/);
      expect(JSON.parse(line)).toMatchObject({
        attributes: { "event.name": "sink_error" },
        instrumentation_scope: { name: INTERNAL_LOGGER_NAME },
        observed_time_unix_nano: expect.anything() as unknown,
      });
    } finally {
      write.mockRestore();
    }
  });

  it("no loops: an error while writing a diagnostic is swallowed and counted", () => {
    const broken = brokenSink("diagnostics", { emit: boom });
    configure({ sinks: [brokenSink("b", { emit: boom })], loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [broken] } } });
    expect(() => Logger.get("a").info("x")).not.toThrow();
    expect(Logger.metrics.ledger("diagnostics")).toEqual({
      accepted: 1,
      delivered: 0,
      pending: 0,
      dropped: { sink_error: 1 },
    });
  });

  it("on a terminal writes text for people, as wide as the terminal is", () => {
    const written: string[] = [];
    const stderr = Object.getOwnPropertyDescriptor(process, "stderr") as PropertyDescriptor;
    const terminal = { isTTY: true, columns: 60, write: (text: string) => written.push(text) };
    Object.defineProperty(process, "stderr", { value: terminal, configurable: true });
    try {
      configure({ sinks: [brokenSink("b", { emit: boom })] });
      Logger.get("a").info("x");
    } finally {
      Object.defineProperty(process, "stderr", stderr);
    }
    const lines = written.join("").trimEnd().split("\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are on or off, as the environment says
    const plain = lines.map((line) => line.replace(/\u001b\[[0-9;]*m/g, ""));
    expect(plain[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} [A-Z]+ +dagstack\.logger\.internal {2}/);
    expect(plain.slice(1).join(" ")).toContain("dagstack.sink.id=b");
    for (const line of plain.slice(1)) expect(line).toMatch(/^ {4}.{1,56}$/);
  });

  it("no loops: a stderr that throws is swallowed and counted", () => {
    const write = vi.spyOn(process.stderr, "write").mockImplementation(boom);
    try {
      configure({ sinks: [brokenSink("b", { emit: boom })] });
      Logger.get("a").info("x");
      expect(Logger.metrics.ledger("internal:stderr").dropped).toEqual({ sink_error: 1 });
    } finally {
      write.mockRestore();
    }
  });

  it("no loops: an internal sink that logs to the root cannot start a circle", () => {
    const root = brokenSink("b", { emit: boom });
    const diagnostics: ProbeSink = brokenSink("diagnostics", {
      emit: (record: LogRecord) => {
        diagnostics.records.push(record);
        Logger.get("a").info("again");
      },
    });
    configure({ sinks: [root], loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] } } });
    Logger.get("a").info("x");
    expect(eventNames(diagnostics)).toEqual(["sink_error"]);
  });

  it("no storms: different events of one sink do not hide each other", () => {
    const sink = new AttachedProbe("a");
    const { diagnostics } = configureWithDiagnostics({ sinks: [sink] });
    Logger.get("a").info("1");
    Logger.get("a").info("2");
    sink.context?.onDrop(1, "buffer_overflow");
    sink.context?.onError(new Error("late"));
    expect(eventNames(diagnostics)).toEqual(["buffer_overflow", "sink_error"]);
  });

  it("shared_internal_sink: warned of when the root has the sink too, by configure or setSinks", () => {
    const shared = new ProbeSink("shared");
    configure({ sinks: [shared], loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [shared] } } });
    expect(eventNames(shared)).toEqual(["shared_internal_sink"]);
    const { diagnostics } = configureWithDiagnostics({ sinks: [new ProbeSink("root")] });
    Logger.get().setSinks([diagnostics]);
    expect(eventNames(diagnostics)).toEqual(["shared_internal_sink"]);
  });

  it("D-30: without process.stderr it says it with console.warn", () => {
    const stderr = Object.getOwnPropertyDescriptor(process, "stderr") as PropertyDescriptor;
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    Object.defineProperty(process, "stderr", { value: undefined, configurable: true });
    try {
      configure({ sinks: [brokenSink("b", { emit: boom })] });
      Logger.get("a").info("x");
      expect(JSON.parse(String(warn.mock.calls[0]?.[0]))).toMatchObject({ attributes: { "event.name": "sink_error" } });
    } finally {
      Object.defineProperty(process, "stderr", stderr);
      warn.mockRestore();
    }
  });

  it("not redacted and not configurable by redaction (D-68)", () => {
    const diagnostics = new ProbeSink("diagnostics");
    configure({
      redaction: { extraSuffixes: ["_id", ".id"] },
      sinks: [brokenSink("b", { emit: boom })],
      loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] } },
    });
    Logger.get("a").info("x");
    expect(diagnostics.attributes["dagstack.sink.id"]).toBe("b");
  });
});

/** Makes every diagnostic that logging can cause, out of records full of the text `s3cret`. */
async function provokeAll(): Promise<ProbeSink> {
  const SECRET = "s3cret";
  const attached = new AttachedProbe("attached");
  const { logging, diagnostics } = configureWithDiagnostics({
    resource: { "service.name": SECRET, db_password: SECRET },
    redaction: { replaceDefaults: true, extraSuffixes: ["_password"] },
    sinks: [
      attached,
      brokenSink("throws", { emit: boom }),
      brokenSink("asks", { supportsSeverity: boom }),
      brokenSink("hostile", { attach: boom, flush: boom, close: boom, lineFormat: { get: boom } }),
    ],
  });
  const log = Logger.get("provoke", "1", { scope_password: SECRET });
  log.info(SECRET, {
    plain: SECRET,
    nan: Number.NaN,
    symbol: Symbol(SECRET),
    get bad(): never {
      throw new Error(SECRET);
    },
    json: {
      toJSON: (): never => {
        throw new Error(SECRET);
      },
    },
    "\ud800": SECRET,
    deep: JSON.parse(`${'{"a":'.repeat(40)}"${SECRET}"${"}".repeat(40)}`) as unknown,
  });
  log.log(99, SECRET);
  const context = attached.context as SinkContext;
  for (let n = 0; n < 3; n++) context.onDrop(1, "buffer_overflow");
  context.onError(null);
  let ended: Logger | undefined;
  await log.withScopedSinks([new ProbeSink("scoped")], (scoped) => {
    ended = scoped;
  });
  ended?.info(SECRET);
  await logging.flush(10);
  await logging.reconfigure({ level: "loud" as never });
  configure({
    sinks: [diagnostics],
    redaction: { replaceDefaults: true },
    loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] } },
  });
  Logger.get("provoke").info("shared");
  return diagnostics;
}

describe("diagnostics", () => {
  resetAfterEach();

  it("conform to events/dagstack.json: attributes, types, severity, domain", async () => {
    const diagnostics = await provokeAll();
    const internal = diagnostics.records.filter((record) => record.attributes["event.domain"] === "dagstack");
    expect(internal.flatMap(violations)).toEqual([]);
  });

  it("are provoked by this file in all kinds but those of delivery, process exit and a missing service name", async () => {
    const diagnostics = await provokeAll();
    const kinds = new Set(eventNames(diagnostics).filter((name) => name !== undefined));
    const missing = Object.keys(DIAGNOSTIC_EVENTS).filter((name) => !kinds.has(name));
    expect(missing.sort()).toEqual([
      "registry_not_shared",
      "resource_incomplete",
      "sink_recovered",
      "unflushed_shutdown",
    ]);
  });

  it("D-68: hold neither bodies nor attribute values", async () => {
    const diagnostics = await provokeAll();
    const texts = diagnostics.records
      .filter((record) => record.attributes["event.domain"] === "dagstack")
      .map(({ body, attributes }) => JSON.stringify([body, attributes]));
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter((text) => text.includes("s3cret"))).toEqual([]);
  });
});
