import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeTypedValue } from "../../../../conformance/fixtures/typed-values.ts";
import {
  buildAttributes,
  buildBody,
  buildRecord,
  type CoercionKind,
  createRedactor,
  MASKED_PLACEHOLDER,
  type RecordDraft,
} from "../../src/index.ts";
import { toDagstackJsonl } from "../../src/wire/index.ts";

interface Fixture {
  readonly cases: readonly {
    name: string;
    where: "attribute" | "body";
    in: unknown;
    out?: unknown;
    omitted?: boolean;
  }[];
  readonly redaction: readonly {
    name: string;
    in: unknown;
    out?: unknown;
    out_entries?: readonly [string, unknown][];
  }[];
}

const fixture = JSON.parse(
  readFileSync(new URL("../../../../conformance/fixtures/wire/normalise.json", import.meta.url), "utf8"),
) as Fixture;
const base = createRedactor();

function draft(parts: Partial<RecordDraft> = {}): RecordDraft {
  return {
    timeUnixNano: 1n,
    severityNumber: 9,
    body: "x",
    bound: [],
    attributes: [],
    resource: null,
    instrumentationScope: { name: "t", version: null, attributes: {} },
    traceId: null,
    spanId: null,
    traceFlags: 0,
    ...parts,
  };
}

/** Attributes and the coercions that were reported on the way. */
function build(...inputs: unknown[]): {
  attributes: Record<string, unknown>;
  reports: [CoercionKind, string, string?][];
} {
  const reports: [CoercionKind, string, string?][] = [];
  const attributes = buildAttributes(inputs, base, (kind, path, type) =>
    reports.push(type === undefined ? [kind, path] : [kind, path, type]),
  );
  return { attributes, reports };
}

describe("§1.4: the cases of wire/normalise.json", () => {
  it.each(fixture.cases)("$name", ({ where, in: input, out, omitted }) => {
    const value = decodeTypedValue(input);
    const expected = decodeTypedValue(out);
    if (where === "body") {
      expect(buildBody(value, base)).toStrictEqual(expected);
    } else {
      expect(build({ k: value }).attributes).toStrictEqual(omitted === true ? {} : { k: expected });
    }
  });

  it.each(fixture.redaction)("§10.1 $name", ({ in: input, out, out_entries }) => {
    const { attributes } = build(decodeTypedValue(input));
    if (out_entries === undefined) expect(attributes).toStrictEqual(decodeTypedValue(out));
    else expect(Object.entries(attributes)).toStrictEqual(out_entries);
  });
});

describe("§1.4: what a record is", () => {
  it("is a private copy: changing what was passed does not change the record (§1.1)", () => {
    const nested = { list: [1], map: { a: 1 } };
    const record = buildRecord(draft({ body: nested, attributes: [nested] }), base);
    nested.list.push(2);
    nested.map.a = 2;
    expect(record.body).toStrictEqual({ list: [1], map: { a: 1 } });
    expect(record.attributes).toStrictEqual({ list: [1], map: { a: 1 } });
  });

  it("is frozen at every depth (§1.1)", () => {
    const record = buildRecord(draft({ body: { a: [{}] }, attributes: [{ a: { b: [1] } }] }), base);
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(record.body) && frozen(record.attributes) && Object.isFrozen(record)).toBe(true);
  });

  it("has no observed time: a sink sets it (D-14)", () => {
    expect(buildRecord(draft(), base).observedTimeUnixNano).toBeNull();
  });
});

describe("D-23: precedence of attribute maps", () => {
  it("lets later maps win, key by key", () => {
    expect(build({ a: 1, b: 1 }, { b: 2, c: 2 }).attributes).toStrictEqual({ a: 1, b: 2, c: 2 });
  });

  it("does not let undefined override (design §13)", () => {
    expect(build({ a: 1 }, { a: undefined }).attributes).toStrictEqual({ a: 1 });
  });

  it("lets null override", () => {
    expect(build({ a: 1 }, { a: null }).attributes).toStrictEqual({ a: null });
  });

  it("what is overridden is not looked at: it takes no room and is not reported", () => {
    const weak = { a: "x".repeat(300_000), b: Number.NaN, c: Number.NaN };
    const { attributes, reports } = build(weak, { a: 1, b: undefined, c: 2 });
    expect(attributes).toStrictEqual({ b: "NaN", a: 1, c: 2 });
    expect(reports).toStrictEqual([["non_finite_number", "b"]]);
  });

  it("puts bound maps below all others", () => {
    const record = buildRecord(draft({ bound: [{ a: 1, b: 1 }, { b: 2 }], attributes: [{ a: 3 }] }), base);
    expect(record.attributes).toStrictEqual({ a: 3, b: 2 });
  });
});

describe("§3.6: an attribute argument that is no map loses nothing", () => {
  it.each([
    ["a string", "oops"],
    ["a number", 7],
    ["an array", [1, 2]],
  ])("keeps %s under dagstack.argument", (_, input) => {
    expect(build(input)).toStrictEqual({
      attributes: { "dagstack.argument": input },
      reports: [["attributes_not_a_map", ""]],
    });
  });

  it("turns an Error into exception attributes", () => {
    const { attributes } = build(new TypeError("boom"));
    expect(attributes).toMatchObject({ "exception.type": "TypeError", "exception.message": "boom" });
    expect(attributes["exception.stacktrace"]).toContain("boom");
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
  ])("takes %s as no attributes, without a report", (_, input) => {
    expect(build(input)).toStrictEqual({ attributes: {}, reports: [] });
  });

  it("walks a Map", () => {
    expect(
      build(
        new Map<unknown, unknown>([
          ["a", 1],
          ["api_key", 2],
          [3, 4],
        ]),
      ).attributes,
    ).toStrictEqual({
      a: 1,
      api_key: "***",
      3: 4,
    });
  });

  it("reports a revoked proxy and goes on", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(build({ a: 1 }, proxy, { b: 2 })).toStrictEqual({
      attributes: { a: 1, b: 2 },
      reports: [["unreadable", "", "TypeError"]],
    });
  });
});

describe("§1.4: coercions are reported with kind and key path, never with the value or a message (D-68)", () => {
  it.each<[string, unknown, [CoercionKind, string, string?]]>([
    ["a lone surrogate", { a: { b: "\ud800" } }, ["lone_surrogate", "a.b"]],
    ["NaN in a list", { a: [1, Number.NaN] }, ["non_finite_number", "a.1"]],
    ["a bigint above int64", { a: 2n ** 63n }, ["bigint_out_of_range", "a"]],
    ["a function", { a: () => 1 }, ["unsupported_type", "a"]],
    ["a symbol", { a: Symbol("s") }, ["unsupported_type", "a"]],
    ["an invalid Date", { a: new Date(Number.NaN) }, ["invalid_date", "a"]],
    [
      "a throwing getter",
      {
        a: {
          get b() {
            throw new RangeError("secret text");
          },
        },
      },
      ["unreadable", "a.b", "RangeError"],
    ],
    [
      "a throwing toJSON",
      {
        a: {
          toJSON() {
            throw new SyntaxError("secret text");
          },
        },
      },
      ["unreadable", "a", "SyntaxError"],
    ],
    [
      "a throwing list item",
      {
        a: new Proxy([1], {
          get: (t, k) =>
            k === "0"
              ? (() => {
                  throw new Error();
                })()
              : Reflect.get(t, k),
        }),
      },
      ["unreadable", "a.0", "Error"],
    ],
  ])("%s", (_, input, report) => {
    expect(build(input).reports).toStrictEqual([report]);
  });

  it("a cycle", () => {
    const cyclic: Record<string, unknown> = { a: {} };
    (cyclic.a as Record<string, unknown>).up = cyclic;
    expect(build(cyclic)).toStrictEqual({ attributes: { a: { up: "[Circular]" } }, reports: [["circular", "a.up"]] });
  });

  it("20 000 levels: cut at depth 32, reported once per cut", () => {
    let deep: unknown = "leaf";
    for (let level = 0; level < 20_000; level++) deep = { n: deep };
    expect(build({ deep }).reports).toStrictEqual([["max_depth", `deep${".n".repeat(31)}`]]);
  });

  it("undefined members are left out without a report: they are no loss", () => {
    expect(build({ a: undefined })).toStrictEqual({ attributes: {}, reports: [] });
  });

  it("after a report, paths are right again", () => {
    const { reports } = build({
      a: {
        get x() {
          throw new Error();
        },
      },
      b: { y: Number.NaN },
    });
    expect(reports.map(([, path]) => path)).toStrictEqual(["a.x", "b.y"]);
  });
});

describe("design §13: Errors as values", () => {
  it("keeps cause, errors and own properties, redacted", () => {
    const cause = Object.assign(new RangeError("inner"), { api_key: "s3cret" });
    const error = Object.assign(new AggregateError([new Error("one")], "outer", { cause }), { code: "E1" });
    const { e } = build({ e: error }).attributes as { e: Record<string, unknown> };
    expect(e).toMatchObject({
      type: "AggregateError",
      message: "outer",
      code: "E1",
      cause: { type: "RangeError", message: "inner", api_key: "***" },
      errors: [{ type: "Error", message: "one" }],
    });
  });

  it("names a subclass that set no name by its constructor (D-20)", () => {
    class PaymentFailed extends Error {}
    expect(build({ e: new PaymentFailed("m") }).attributes).toMatchObject({ e: { type: "PaymentFailed" } });
  });

  it("cuts a cause that points back", () => {
    const error: Error & { cause?: unknown } = new Error("m");
    error.cause = error;
    expect(build({ e: error }).attributes).toMatchObject({ e: { cause: "[Circular]" } });
  });

  it("recognises errors, dates and maps of another realm", () => {
    const foreign = runInNewContext(
      "({ e: new TypeError('m'), d: new Date(0), m: new Map([['api_key', 1]]) })",
    ) as object;
    expect(build(foreign).attributes).toMatchObject({
      e: { type: "TypeError", message: "m" },
      d: "1970-01-01T00:00:00.000Z",
      m: { api_key: "***" },
    });
  });

  it("counts as one level of depth", () => {
    let chain: Error | undefined;
    for (let level = 0; level < 40; level++) chain = new Error(`e${level}`, { cause: chain });
    const text = JSON.stringify(build({ chain }).attributes);
    expect(text.match(/"type":"Error"/g)).toHaveLength(31);
    expect(text).toContain('"cause":"[MaxDepth]"');
  });
});

describe("§1.4: impostors and odd objects", () => {
  it("walks an object that only has a built-in's tag as a plain one", () => {
    for (const tag of ["Map", "Set", "Date", "RegExp", "URL", "Number", "ArrayBuffer"]) {
      class Impostor {
        a = 1;
        get [Symbol.toStringTag](): string {
          return tag;
        }
      }
      expect(build({ k: new Impostor() }).attributes, tag).toStrictEqual({ k: { a: 1 } });
    }
  });

  it("a toJSON that returns its own object is walked as a plain object (design §13)", () => {
    const self = {
      a: 1,
      toJSON(): unknown {
        return this;
      },
    };
    expect(build({ self }).attributes).toStrictEqual({ self: { a: 1 } });
  });

  it("a toJSON that returns objects with toJSON for ever ends", () => {
    const endless = { toJSON: (): unknown => ({ again: endless }) };
    expect(build({ endless }).attributes).toStrictEqual({ endless: { again: "[Circular]" } });
  });

  it("DataView, Buffer and ArrayBuffer are base64 of exactly their bytes", () => {
    const bytes = new Uint8Array([0, 1, 2, 255, 254]);
    expect(
      build({ view: new DataView(bytes.buffer, 1, 3), node: Buffer.from(bytes), buffer: bytes.buffer }).attributes,
    ).toStrictEqual({ view: "AQL/", node: "AAEC//4=", buffer: "AAEC//4=" });
  });

  it("190 kB of bytes do not overflow the stack", () => {
    const text = build({ b: new Uint8Array(190_000) }).attributes.b as string;
    expect(Buffer.from(text, "base64")).toHaveLength(190_000);
  });
});

describe("§10: no secret survives, whatever the shape", () => {
  const CANARY = "c4n4ry";
  const secretKey = fc.constantFrom("api_key", "X_TOKEN", "db_Password", "a.b_secret", "_credentials");
  const wrap = (tie: fc.LetrecLooselyTypedTie): fc.Arbitrary<unknown> =>
    fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.anything(),
      fc
        .tuple(secretKey, fc.constantFrom<unknown>(CANARY, [CANARY], { a: CANARY }, new Error(CANARY)))
        .map(([k, v]) => ({ [k]: v })),
      fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.array(tie("value"), { maxLength: 2 }).map((items) => new Set(items)),
      fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 2 }).map((entries) => new Map(entries)),
      tie("value").map((value) => new Error("m", { cause: value })),
      tie("value").map((value) => ({ toJSON: () => value })),
    );
  const value = fc.letrec((tie) => ({ value: wrap(tie) })).value as fc.Arbitrary<unknown>;

  it("no canary in attributes, and the record always has a canonical line", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value, { maxKeys: 4 }), value, (attributes, body) => {
        const record = buildRecord(draft({ attributes: [attributes], body }), createRedactor({ preset: "strict" }));
        expect(toDagstackJsonl(record)).not.toContain(CANARY);
      }),
      { numRuns: 500 },
    );
  });

  it("a secret's value is never read, at any depth", () => {
    const trap = {
      get api_key(): never {
        throw new Error("read");
      },
    };
    const { attributes, reports } = build({
      a: [trap, { b: trap }],
      m: new Map([["t", trap]]),
      e: Object.assign(new Error("m"), { t: trap }),
    });
    expect(reports).toStrictEqual([]);
    expect(JSON.stringify(attributes).match(/"api_key":"\*\*\*"/g)).toHaveLength(4);
  });

  it("masks keys inside a body that is a map only with the strict preset (design §13)", () => {
    const body = { api_key: "v", n: { x_token: 1 } };
    expect(buildBody(body, base)).toStrictEqual(body);
    expect(buildBody(body, createRedactor({ preset: "strict" }))).toStrictEqual({
      api_key: MASKED_PLACEHOLDER,
      n: { x_token: MASKED_PLACEHOLDER },
    });
  });
});
