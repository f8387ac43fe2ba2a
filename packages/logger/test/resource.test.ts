import { INTERNAL_LOGGER_NAME } from "@dagstack/logger-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { configure, Logger } from "../src/index.ts";
import { readFixture } from "./fixtures.ts";
import { configureWithDiagnostics, eventsNamed, LineProbe, ProbeSink, resetAfterEach } from "./probe-sinks.ts";

interface ResourceCase {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly absent?: readonly string[];
}

const { cases } = readFixture<{ cases: readonly ResourceCase[] }>("resource_cases.json");
const VARIABLES = ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"] as const;

describe("§4.2 resource", () => {
  const saved = VARIABLES.map((name) => process.env[name]);
  beforeEach(() => {
    for (const name of VARIABLES) delete process.env[name];
  });
  afterEach(() => {
    VARIABLES.forEach((name, index) => {
      const value = saved[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    });
  });
  resetAfterEach();

  const resourceOf = (sink: ProbeSink): Readonly<Record<string, unknown>> => {
    Logger.get("resource.test").info("x");
    return sink.records.at(-1)?.resource?.attributes ?? {};
  };

  it.each(cases)("resource_cases.json: $name", ({ env, config, expected, absent = [] }) => {
    Object.assign(process.env, env);
    const sink = new ProbeSink();
    configure({ sinks: [sink], resource: config });
    const attributes = resourceOf(sink);
    expect(attributes).toMatchObject(expected);
    expect(absent.filter((key) => key in attributes)).toEqual([]);
  });

  it("§4.2: what is detected is there without any setting, telemetry.sdk.version as in package.json", () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink] });
    expect(resourceOf(sink)).toMatchObject({
      "process.pid": process.pid,
      "host.name": expect.stringMatching(/./),
      "telemetry.sdk.name": packageJson.name,
      "telemetry.sdk.version": packageJson.version,
      "telemetry.sdk.language": "nodejs",
    });
  });

  it("§4.2: configuration wins over detection key by key", () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink], resource: { "host.name": "mine", "process.pid": 1 } });
    expect(resourceOf(sink)).toMatchObject({ "host.name": "mine", "process.pid": 1 });
  });

  it("§4.2: one resource object for all records, deeply frozen", () => {
    const sink = new ProbeSink();
    configure({ sinks: [sink], resource: { "service.name": "s" } });
    Logger.get("a").info("1");
    Logger.get("b").info("2");
    const [first, second] = sink.records;
    expect(first?.resource).toBe(second?.resource);
    expect(Object.isFrozen(first?.resource) && Object.isFrozen(first?.resource?.attributes)).toBe(true);
  });

  it("§4.2: a missing service.name becomes unknown_service:node with one diagnostic, however often one configures", () => {
    const sink = new ProbeSink();
    const { diagnostics } = configureWithDiagnostics({ sinks: [sink] });
    expect(resourceOf(sink)).toMatchObject({ "service.name": "unknown_service:node" });
    const reports = eventsNamed(diagnostics, "resource_incomplete");
    expect(reports.map((report) => report.attributes["dagstack.attribute.path"])).toEqual(["service.name"]);
    const again = configureWithDiagnostics({ sinks: [sink] });
    expect(eventsNamed(again.diagnostics, "resource_incomplete")).toEqual([]);
  });

  it("§4.2: before configure the service is unknown_service:node too", () => {
    const sink = new ProbeSink();
    Logger.get("resource.test").withSinks([sink]).info("x");
    expect(sink.records[0]?.resource?.attributes["service.name"]).toBe("unknown_service:node");
  });

  it.each(["team=a,cost=50%", "team=a,=b", "team=a,justtext", "%zz=1", "a=%"])(
    "OTEL_RESOURCE_ATTRIBUTES=%s is discarded with one diagnostic, which does not repeat it",
    (list) => {
      process.env.OTEL_RESOURCE_ATTRIBUTES = list;
      const sink = new ProbeSink();
      const { diagnostics } = configureWithDiagnostics({ sinks: [sink], resource: { "service.name": "s" } });
      for (let n = 0; n < 3; n++) expect(resourceOf(sink)).not.toHaveProperty("team");
      const reports = eventsNamed(diagnostics, "resource_incomplete");
      expect(reports.map(({ attributes }) => attributes["dagstack.attribute.path"])).toEqual([
        "OTEL_RESOURCE_ATTRIBUTES",
      ]);
      expect(reports[0]?.attributes["dagstack.reason"]).toMatch(/^discarded: entry \d of \d is not key=value/);
    },
  );

  it("before configure it is told as well", () => {
    process.env.OTEL_RESOURCE_ATTRIBUTES = "cost=50%";
    Logger.reset();
    const diagnostics = new ProbeSink();
    Logger.get(INTERNAL_LOGGER_NAME).setSinks([diagnostics]);
    Logger.get("a").withSinks([new ProbeSink()]).info("x");
    expect(eventsNamed(diagnostics, "resource_incomplete")).toHaveLength(1);
  });

  it("what the runtime refuses to tell is missing, with one diagnostic, and nothing throws", () => {
    const refuse = (): never => {
      throw Object.assign(new Error("Requires env access"), { name: "NotCapable" });
    };
    const saved = Object.getOwnPropertyDescriptor(globalThis, "process") as PropertyDescriptor;
    const refusing = Object.create(process, {
      env: { value: new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse }) },
      pid: { get: refuse },
      getBuiltinModule: { value: (id: string) => (id === "node:os" ? { hostname: refuse } : undefined) },
    }) as object;
    const sink = new ProbeSink();
    Object.defineProperty(globalThis, "process", { configurable: true, value: refusing });
    try {
      const { diagnostics } = configureWithDiagnostics({ sinks: [sink], resource: { "service.name": "s" } });
      expect(Object.keys(resourceOf(sink)).filter((key) => key === "process.pid" || key === "host.name")).toEqual([]);
      configure({ sinks: [sink], loggers: { [INTERNAL_LOGGER_NAME]: { sinks: [diagnostics] } } });
      Logger.get("a").info("x");
      const paths = eventsNamed(diagnostics, "resource_incomplete").map(
        (one) => one.attributes["dagstack.attribute.path"],
      );
      expect(paths).toEqual(["OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, process.pid, host.name", "service.name"]);
    } finally {
      Object.defineProperty(globalThis, "process", saved);
    }
  });

  it("D-79: resource and scope are not redacted; each secret key is reported once", () => {
    const line = new LineProbe();
    const { diagnostics } = configureWithDiagnostics({
      sinks: [line],
      resource: { "service.name": "s", db_password: "p1", api_key: "p2" },
    });
    Logger.get("a", "1", { scope_token: "p3", other_secret: "p4" }).info("x");
    Logger.get("a", "1", { scope_token: "p3", other_secret: "p4" }).info("x");
    expect(line.lines[0]).toContain('"db_password":"p1"');
    expect(line.lines[0]).toContain('"scope_token":"p3"');
    const reports = eventsNamed(diagnostics, "resource_secret");
    expect(reports.map((report) => report.attributes["dagstack.attribute.path"])).toEqual([
      "db_password",
      "api_key",
      "scope_token",
      "other_secret",
    ]);
    expect(JSON.stringify(reports.map((report) => report.attributes))).not.toMatch(/p[1-4]/);
  });

  it("§9.2: resource attributes are scalars", () => {
    expect(() => configure({ resource: { nested: { a: 1 } } as never })).toThrow(
      expect.objectContaining({ path: "resource.nested", reason: "type_mismatch" }) as Error,
    );
  });
});
