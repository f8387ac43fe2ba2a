import { describe, expect, it } from "vitest";
import { buildAttributes, createRedactor } from "../../src/index.ts";
import { LineEncoder, OtlpRecordEncoder, toDagstackJsonl, toOtlpProtobuf } from "../../src/wire/index.ts";
import { draftOf, type EncoderRig, fast, plain } from "../wire/encoder-rig.ts";

const redactor = createRedactor();
const strict = createRedactor({ preset: "strict" });
const rigs: readonly EncoderRig[] = [
  { name: "line", create: () => new LineEncoder(), encodeRecord: toDagstackJsonl },
  { name: "otlp", create: () => new OtlpRecordEncoder(), encodeRecord: (record) => toOtlpProtobuf([record]) },
];
/** So much text that of all that follows only little is looked at. */
const MUCH = "y".repeat(3_000_000);
const SECRET = "s3cret";

/** What either lane makes of a body and an attribute argument. */
function everywhere(body: unknown, argument: unknown, withRedactor = redactor): string[] {
  return rigs.flatMap((rig) => {
    const draft = draftOf({ body, attributes: [argument] });
    return [fast(rig, rig.create(), draft, withRedactor), plain(rig, draft, withRedactor)];
  });
}

/** A container of each kind with one entry. */
const containers: readonly (readonly [string, (key: string, value: unknown) => unknown])[] = [
  ["a map", (key, value) => ({ [key]: value })],
  ["a Map", (key, value) => new Map([[key, value]])],
  ["a Map whose key is an object", (key, value) => new Map([[{ toString: () => key }, value]])],
  ["a Map whose key is a list", (key, value) => new Map([[["a", key], value]])],
  ["a map in a Map in a Set", (key, value) => ({ a: new Set([new Map([["b", { [key]: value }]])]) })],
  ["a Map in a list", (key, value) => ({ a: [new Map([[key, value]])] })],
  ["an error", (key, value) => ({ e: Object.assign(new Error("m"), { [key]: value }) })],
  ["an error's cause", (key, value) => ({ e: new Error("m", { cause: new Map([[key, value]]) }) })],
  ["what toJSON returns", (key, value) => ({ e: { toJSON: () => new Map([[key, value]]) } })],
  ["an instance", (key, value) => ({ e: Object.assign(Object.create({ a: 1 }) as object, { [key]: value }) })],
];

/** Secret keys, longer than what is kept of a text or a key. */
const keys = [60, 75, 200, 1_100, 5_000, 300_000].map((length) => `x-${"a".repeat(length)}_api_key`);

describe("§10.1: a key is judged before anything is cut", () => {
  it.each(containers)("in %s", (_, container) => {
    for (const key of keys) {
      for (const bytes of everywhere(MUCH, container(key, SECRET))) expect(bytes).not.toContain(SECRET);
      for (const bytes of everywhere("x", container(key, SECRET))) expect(bytes).not.toContain(SECRET);
    }
  });

  it.each(containers)("in %s, as the body", (_, container) => {
    for (const key of keys) {
      for (const bytes of everywhere({ much: MUCH, next: container(key, SECRET) }, {}, strict)) {
        expect(bytes).not.toContain(SECRET);
      }
    }
  });

  it("of bound attributes", () => {
    for (const key of keys) {
      const bound = buildAttributes([{ a: MUCH }, new Map([[key, SECRET]])], redactor);
      expect(JSON.stringify(bound)).not.toContain(SECRET);
    }
  });

  it("a key that looks secret only once it is cut is not masked", () => {
    const key = `${"k".repeat(1_016)}_api_key${"x".repeat(50)}`;
    expect(Object.values(buildAttributes([{ [key]: "kept" }], redactor))).toContain("kept");
  });
});

/** How many values a record takes in, and how much of a text. */
const MAX_VALUES = 16_384;
const MAX_BYTES = 262_144;

const sharedList = (): unknown[] => {
  let list: unknown[] = ["a"];
  for (let level = 0; level < 40; level++) list = [list, list];
  return list;
};

/** Values that would take seconds or megabytes if all of them were looked at. */
const costly: readonly (readonly [string, () => unknown])[] = [
  ["a bigint of a million digits", () => 10n ** 1_000_000n],
  ["thousands of bigints of 1 000 digits", () => Array.from({ length: 2_500 }, (_, at) => 10n ** 1_000n + BigInt(at))],
  ["a Map key that is such a bigint", () => new Map([[10n ** 1_000_000n, 1]])],
  ["a Map key that is a list which holds itself several times over", () => new Map([[sharedList(), 1]])],
  ["a Map key of many items", () => new Map([[new Array(5e7), 1]])],
  ["a Map key of many bytes", () => new Map([[new Uint8Array(5e7), 1]])],
  ["a key of 10 MB", () => ({ ["k".repeat(1e7)]: 1 })],
  ["a Map key of 10 MB", () => new Map([["k".repeat(1e7), 1]])],
  ["a symbol of 10 MB in a message", () => Object.assign(new Error(), { message: Symbol("s".repeat(1e7)) })],
  [
    "an error whose name, message and stack have 5 MB",
    () => Object.assign(new Error("m".repeat(5e6)), { name: "n".repeat(5e6), stack: "s".repeat(5e6) }),
  ],
  ["an error with a million members", () => new AggregateError(new Array(1e6).fill(new Error("m")), "m")],
  ["an error with a list of 50 million", () => Object.assign(new Error("m"), { errors: new Array(5e7) })],
  [
    "an error with 50 000 properties",
    () => Object.assign(new Error("m"), Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, at]))),
  ],
  ["a class whose name has 5 MB", () => ({ __proto__: { __proto__: {}, [Symbol.toStringTag]: "N".repeat(5e6) } })],
  ["a Set that never ends", () => endless(new Set())],
  ["a Map that never ends", () => endless(new Map())],
  [
    "a list that says it has no end",
    () =>
      new Proxy([1], { get: (list, key) => (key === "length" ? Number.POSITIVE_INFINITY : Reflect.get(list, key)) }),
  ],
];

/** A collection whose own protocol goes on for ever. */
function endless(collection: object): object {
  return Object.assign(collection, {
    *[Symbol.iterator](): Iterable<unknown> {
      for (let at = 0; ; at++) yield [at, at];
    },
  });
}

/** Much more than it takes, for machines that are busy: what makes it end is counted, not timed. */
const TIMEOUT_MS = 120_000;

describe("design §13: caps hold for everything that becomes text", () => {
  it.each(costly)("%s, as attribute, body, member of an error and cause", { timeout: TIMEOUT_MS }, (_, make) => {
    for (const [body, attributes] of [
      ["x", { v: make() }],
      [make(), {}],
      ["x", { e: new Error("m", { cause: new AggregateError([make()], "n") }) }],
      ["x", make()],
    ]) {
      for (const rig of rigs) {
        const draft = draftOf({ body, attributes: [attributes] });
        const bytes = fast(rig, rig.create(), draft, redactor);
        expect(bytes.length).toBeLessThan(MAX_BYTES * 2);
        expect(bytes).toBe(plain(rig, draft, redactor));
      }
    }
  });

  it("what is left out is counted, and said", () => {
    const told: string[] = [];
    const attributes = buildAttributes([{ list: new Array(5e7) }], redactor, (kind) => told.push(kind));
    expect((attributes.list as unknown[]).length).toBe(MAX_VALUES);
    expect((attributes.list as unknown[]).at(-1)).toBe("…[truncated]");
    expect(told).toStrictEqual(["truncated"]);
  });

  it("a cut key keeps its value, and says that it is cut", () => {
    const [[key, value]] = Object.entries(buildAttributes([{ ["k".repeat(5_000)]: "v" }], redactor)) as [
      [string, string],
    ];
    expect([key.length, key.endsWith("k…[truncated]"), value]).toStrictEqual([1_024, true, "v"]);
  });

  it("a Map key of which it cannot be told whether it is secret hides its value", () => {
    const list = [sharedList(), "x_api_key"];
    expect(buildAttributes([{ m: new Map([[list, SECRET]]) }], redactor)).toStrictEqual({
      m: { "[Unreadable]": "***" },
    });
  });

  it("a report is short", () => {
    const long = "k".repeat(1_000);
    const told: string[] = [];
    const bad = {
      [long]: {
        [long]: Object.defineProperty({}, "x", {
          enumerable: true,
          get: () => {
            throw Object.assign(new Error(), { name: "n".repeat(5e6) });
          },
        }),
      },
    };
    buildAttributes([bad], redactor, (...report) => told.push(report.join(" ")));
    expect(told).toHaveLength(1);
    expect((told[0] as string).length).toBeLessThan(600);
  });

  it("each error counts as sixteen values: its stack is made when it is read", () => {
    let stacks = 0;
    const errors = Array.from({ length: 2_000 }, () =>
      Object.defineProperty(new Error("m"), "stack", { get: () => `s${++stacks}` }),
    );
    buildAttributes([{ errors }], redactor);
    expect(stacks).toBeLessThanOrEqual(MAX_VALUES / 16);
    expect(stacks).toBeGreaterThan(MAX_VALUES / 20);
  });
});
