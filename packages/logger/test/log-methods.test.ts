import { parseDagstackJsonl, toDagstackJsonl } from "@dagstack/logger-core/wire";
import { InMemorySink } from "@dagstack/sink-memory";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Logger } from "../src/index.ts";
import { readFixture } from "./fixtures.ts";
import { bodies, last, observe } from "./observed-logging.ts";

const { levels, log_argument_clamp: clamp } = readFixture<{
  levels: { severity_number: number; severity_text: string; method: "info" | null }[];
  log_argument_clamp: { cases: { in: number | string; out: number }[] };
}>("severity.json");

afterEach(() => Logger.reset());

describe("§2: the 24 severities", () => {
  it.each(levels)("$severity_number is $severity_text", ({ severity_number: number, severity_text: text, method }) => {
    const { memory } = observe({ level: 1 });
    Logger.get("a").log(number, "x");
    if (method !== null) Logger.get("a")[method]("x");
    for (const record of memory.records())
      expect([record.severityNumber, record.severityText]).toStrictEqual([number, text]);
    expect(memory.size).toBe(method === null ? 1 : 2);
  });
});

describe("D-21: log() with a bad number", () => {
  it.each(clamp.cases)("$in becomes $out", ({ in: input, out }) => {
    const { memory, reported } = observe({ level: 1 });
    Logger.get("a").log(Number(input), "x");
    expect(last(memory).severityNumber).toBe(out);
    expect(reported("record_malformed")).toHaveLength(1);
  });

  it.each([["12"], [null], [undefined], [{}], [Symbol("s")], [12n]])("%o becomes INFO", (input) => {
    const { memory, reported } = observe();
    Logger.get("a").log(input as number, "x");
    expect(last(memory).severityNumber).toBe(9);
    expect(reported("record_malformed")).toHaveLength(1);
  });

  it("is reported once per logger name, naming the logger and the kind", () => {
    const { reported } = observe();
    for (let times = 0; times < 3; times++) {
      Logger.get("a").log(25, "x");
      Logger.get("a").with({ k: 1 }).log(Number.NaN, "x");
    }
    Logger.get("b").log(25, "x");
    expect(
      reported("record_malformed").map(({ attributes }) => [
        attributes["dagstack.logger.name"],
        attributes["dagstack.reason"],
      ]),
    ).toStrictEqual([
      ["a", "severity_out_of_range"],
      ["b", "severity_out_of_range"],
    ]);
  });
});

describe("§3.2: log methods", () => {
  const methods = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

  it.each(methods)("%s takes body and attribute map, returns nothing", (method) => {
    const { memory } = observe({ level: 1 });
    expect(Logger.get("a")[method]("b", { k: 1 })).toBeUndefined();
    expect([last(memory).body, last(memory).attributes]).toStrictEqual(["b", { k: 1 }]);
  });

  it("exactly the records at or above the level arrive", () => {
    const { memory } = observe({ level: "warn" });
    for (const method of methods) Logger.get("a")[method](method);
    expect(bodies(memory)).toStrictEqual(["warn", "error", "fatal"]);
  });

  it("below the level nothing of the arguments is read (§11.1)", () => {
    observe();
    const reads: string[] = [];
    const note = (_: object, trap: string | symbol) => () => void reads.push(String(trap));
    const watched = new Proxy({}, new Proxy({}, { get: note }));
    Logger.get("a").debug(watched, watched);
    Logger.get("a").exception(watched, watched, { severityNumber: 5 });
    expect(reads).toStrictEqual([]);
  });

  it("isEnabled agrees with what arrives, for each level and spelling", () => {
    observe({ level: 11 });
    const log = Logger.get("a");
    expect([10, 11, "info", "INFO3", "warn", "12"].map((level) => log.isEnabled(level))).toStrictEqual([
      false,
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  it("isEnabled answers for log()'s bad numbers as log() does (D-21)", () => {
    observe({ level: "fatal" });
    expect([Number.NaN, 99, 0].map((level) => Logger.get("a").isEnabled(level))).toStrictEqual([false, true, false]);
  });

  it("a record has every property, is deeply frozen and shares nothing with the caller (§1.1)", () => {
    const { memory } = observe();
    const attributes = { map: { list: [{ k: 1 }] } };
    const body = { text: ["a"] };
    Logger.get("a").info(body, attributes);
    attributes.map.list.push({ k: 2 });
    body.text.push("b");
    const record = last(memory);
    expect(record.attributes).toStrictEqual({ map: { list: [{ k: 1 }] } });
    expect(record.body).toStrictEqual({ text: ["a"] });
    expect(Object.keys(record)).toHaveLength(11);
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(record)).toBe(true);
  });

  it.each([[{ a: 1 }], [["x"]], [42], [7n], [true], [null], [""]])("the body can be %o", (body) => {
    const { memory } = observe();
    Logger.get("a").info(body);
    expect(last(memory).body).toStrictEqual(body);
  });

  it("an Error as the body or the attributes is told, not lost", () => {
    const { memory } = observe();
    Logger.get("a").error(new TypeError("boom"));
    Logger.get("a").error("failed", new TypeError("boom"));
    expect(memory.records()[0]?.body).toMatchObject({ type: "TypeError", message: "boom" });
    expect(last(memory).attributes).toMatchObject({ "exception.type": "TypeError", "exception.message": "boom" });
  });

  it("pino's argument order keeps both at run time and is reported", () => {
    const { memory, reported } = observe();
    // @ts-expect-error the message comes first
    Logger.get("a").info({ user: 1 }, "message");
    expect(last(memory)).toMatchObject({ body: { user: 1 }, attributes: { "dagstack.argument": "message" } });
    expect(reported("record_malformed")).toHaveLength(1);
  });

  it("times never run backwards between records (§1.2)", () => {
    const { memory } = observe();
    for (let index = 0; index < 1000; index++) Logger.get("a").info(index);
    const times = memory.records().map((record) => record.timeUnixNano);
    expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0n))).toBe(true);
  });

  it("each record counts once under logger and severity (§12)", () => {
    observe();
    Logger.get("a").info("x");
    Logger.get("a").with({ k: 1 }).info("x");
    Logger.get("a").debug("x");
    Logger.get("").warn("x");
    expect(Logger.metrics.snapshot().emitted).toStrictEqual({ a: { INFO: 2 }, root: { WARN: 1 } });
  });
});

function nested(depth: number): object {
  let value: object = {};
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? { n: value } : [value];
  return value;
}

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const cycle: Record<string, unknown> = {};
cycle.self = [cycle];

const boom = (): never => {
  throw new Error("boom");
};

class EndlessJson {
  toJSON(): object {
    return { again: new EndlessJson() };
  }
}

/** By name: a test title made of these values would itself throw. */
const hostile = new Map<string, unknown>([
  ["a cycle", cycle],
  [
    "a throwing getter",
    {
      get bad(): never {
        return boom();
      },
      ok: 1,
    },
  ],
  ["a revoked proxy", revoked()],
  ["a revoked proxy inside", { inner: revoked(), list: [revoked()] }],
  [
    "a revoked function proxy",
    (() => {
      const { proxy, revoke } = Proxy.revocable(() => 1, {});
      revoke();
      return proxy;
    })(),
  ],
  ["a proxy whose every trap throws", new Proxy({}, new Proxy({}, { get: () => boom }))],
  ["a proxy of an array whose length throws", new Proxy([1], { get: boom })],
  ["a __proto__ key", JSON.parse('{"__proto__":{"polluted":1},"constructor":2}')],
  ["a bigint beyond int64", 2n ** 70n],
  ["a lone surrogate", "\ud800"],
  ["a lone surrogate in a key", { "\udc00": 1 }],
  ["20 000 levels", nested(20_000)],
  ["a symbol", Symbol("s")],
  ["a function", boom],
  ["a throwing toJSON", { toJSON: boom }],
  ["an endless toJSON", new EndlessJson()],
  ["a toString that throws", { toString: boom, valueOf: boom, [Symbol.toPrimitive]: boom }],
  [
    "a toStringTag that throws",
    {
      get [Symbol.toStringTag](): never {
        return boom();
      },
    },
  ],
  [
    "an Error whose members throw",
    Object.defineProperties(new Error("x"), {
      stack: { get: boom },
      message: { get: boom },
      name: { get: boom },
      cause: { get: boom },
    }),
  ],
  [
    "a Map with hostile keys",
    new Map<unknown, unknown>([
      [Object.create(null), 1],
      [Symbol("k"), 2],
      [{ toString: boom }, 3],
    ]),
  ],
  ["a pretended Date", { [Symbol.toStringTag]: "Date" }],
  [
    "a detached buffer",
    (() => {
      const buffer = new ArrayBuffer(4);
      const view = new Uint8Array(buffer);
      structuredClone(buffer, { transfer: [buffer] });
      return view;
    })(),
  ],
  ["a null-prototype object", Object.create(null)],
  ["undefined", undefined],
  ["null", null],
  ["NaN", Number.NaN],
  ["a WeakMap", new WeakMap()],
  [
    "a generator",
    (function* () {
      yield 1;
    })(),
  ],
  ["globalThis.process", { env: process.versions }],
]);

describe("§3.6: logging anything never throws and the record arrives", () => {
  it.each([...hostile.keys()])("%s", (name) => {
    const value = hostile.get(name);
    const { memory } = observe();
    const log = Logger.get("a");
    const calls: (() => void)[] = [
      () => log.info(value),
      () => log.info("body", value as object),
      () => log.info("body", { nested: value, kept: 1 }),
      () => log.log(value as number, "body"),
      () => log.exception(value, value as object, value as object),
      () => log.exception(value, { cause: value }, { body: value }),
      () => log.exception(Object.assign(new Error("x"), { cause: value, errors: value })),
      () => log.with(value as object).info("bound"),
      () => void log.isEnabled(value as number),
    ];
    for (const call of calls) expect(call).not.toThrow();
    expect(memory.size).toBe(8);
    for (const record of memory.records()) expect(() => parseDagstackJsonl(toDagstackJsonl(record))).not.toThrow();
    expect(memory.records()[2]?.attributes.kept).toBe(1);
  });

  it("100 random values of any kind, in every position, every line parses", () => {
    const { memory } = observe();
    const log = Logger.get("a");
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true,
          withNullPrototype: true,
          withBoxedValues: true,
          withObjectString: true,
        }),
        (value) => {
          memory.clear();
          log.info(value, value as object);
          log.with(value as object).exception(value, { value }, { body: value });
          expect(memory.size).toBe(2);
          for (const record of memory.records())
            expect(() => parseDagstackJsonl(toDagstackJsonl(record))).not.toThrow();
        },
      ),
      { numRuns: 100 },
    );
  });

  it("a diagnostic about a value that misbehaves has its path and error type, never its message (D-68)", () => {
    const { reported, diagnostics } = observe();
    const value = {
      get bad(): never {
        throw new TypeError("s3cr3t");
      },
    };
    Logger.get("a").info("x", { outer: value });
    expect(reported("record_malformed").map((record) => record.attributes)).toMatchObject([
      { "dagstack.attribute.path": "outer.bad", "dagstack.reason": "unreadable: TypeError" },
    ]);
    expect(JSON.stringify(diagnostics.records().map(toDagstackJsonl))).not.toContain("s3cr3t");
  });

  it("a getter that logs: both records arrive, the inner one first", () => {
    const { memory } = observe();
    const log = Logger.get("a");
    const attributes = {
      get k() {
        log.info("inner");
        return 1;
      },
    };
    log.info("outer", attributes);
    expect(bodies(memory)).toStrictEqual(["inner", "outer"]);
    expect(last(memory).attributes).toStrictEqual({ k: 1 });
  });

  it("a getter that reconfigures: the record keeps the configuration it began with (§9.3)", () => {
    const { memory } = observe({ redaction: { extraSuffixes: ["_pin"] } });
    const other = new InMemorySink();
    const attributes = {
      get a() {
        observe({ sinks: [other] });
        return 1;
      },
      b_pin: 2,
    };
    Logger.get("a").info("x", attributes);
    expect(memory.records().map((record) => record.attributes)).toStrictEqual([{ a: 1, b_pin: "***" }]);
    expect(other.size).toBe(0);
  });

  it("each kind of coercion is reported once per logger (§1.4)", () => {
    const { reported } = observe();
    for (let times = 0; times < 3; times++) Logger.get("a").info("x", { n: Number.NaN, b: 2n ** 70n });
    expect(reported("record_malformed").map((record) => record.attributes["dagstack.reason"])).toStrictEqual([
      "non_finite_number",
      "bigint_out_of_range",
    ]);
  });

  it("sinks of one logger are handed the same record object", () => {
    const seen: unknown[] = [];
    const sink = (id: string) => ({
      id,
      emit: (record: unknown) => void seen.push(record),
      flush: () => Promise.resolve({ success: true, partial: false, failedSinks: [] }),
      close: () => Promise.resolve(),
      supportsSeverity: () => true,
    });
    observe({ sinks: [sink("one"), sink("two"), new InMemorySink()] });
    Logger.get("a").info("x", { k: 1 });
    expect(seen[0]).toBe(seen[1]);
  });
});
