/** Values that a log call may meet, each made anew at every use, since some change when they are read. */
import fc from "fast-check";

export type Make = () => unknown;

class Account {
  readonly id = 7;
  user_password = "s3cret";
  get derived(): number {
    return 1;
  }
}

class Money {
  readonly #cents = 1250;
  toJSON(): unknown {
    return { amount: this.#cents / 100, auth_token: "s3cret" };
  }
}

/** Wraps a value in `levels` lists or maps. */
function nested(levels: number, inner: unknown, asMap: boolean): unknown {
  let value = inner;
  for (let level = 0; level < levels; level++) value = asMap ? { in: value } : [value];
  return value;
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Its stack would tell where it was made. */
function still<E extends Error>(error: E): E {
  error.stack = `${error.name}: at\n  "here" ${"x".repeat(80)}`;
  return error;
}

const thrower = (): never => {
  throw new TypeError("s3cret");
};

/** Answers for a collection with functions of its own, as the proxies of reactive frameworks do. */
function reactive<T extends object>(target: T): T {
  return new Proxy(target, {
    get(_, key) {
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** Its entries are its own. */
class Storage extends Map<unknown, unknown> {
  readonly #entries: [unknown, unknown][] = [
    ["k", 1],
    ["x_api_key", "s3cret"],
  ];
  override get size(): number {
    return this.#entries.length;
  }
  override entries(): MapIterator<[unknown, unknown]> {
    return this.#entries.values() as MapIterator<[unknown, unknown]>;
  }
}

/** Brings a size and nothing else. */
class Closed extends Set<unknown> {
  override get size(): number {
    return 3;
  }
}

const lying = (length: unknown): unknown =>
  new Proxy([1, { api_key: "s3cret" }], {
    get: (list, key) => (key === "length" ? length : Reflect.get(list, key)),
  });

/** A list that holds a list twice, which does the same. */
function doubled(levels: number): unknown[] {
  let list: unknown[] = ["a"];
  for (let level = 0; level < levels; level++) list = [list, list];
  return list;
}

const coded = (): Error => Object.assign(still(new Error("inner")), { code: "E1", db_password: "s3cret" });

/** Keeps members where a listing does not show them. */
function hidden(error: Error, members: Record<string, unknown>): Error {
  for (const [key, value] of Object.entries(members)) Object.defineProperty(error, key, { value });
  return error;
}

const callSite = { toString: () => "place (file.ts:1:2)" };

/** Kinds found in the field: collections, classes and errors that are not what they seem, and what grows when it is told. */
const fieldValues: readonly Make[] = [
  () =>
    reactive(
      new Map<unknown, unknown>([
        ["k", 1],
        ["x_api_key", "s3cret"],
        ["m", reactive(new Map([["x_token", "s3cret"]]))],
      ]),
    ),
  () => reactive(new Set<unknown>([1, { x_api_key: "s3cret" }])),
  () => new Proxy(new Map([["x_api_key", "s3cret"]]), {}),
  () => new Proxy(new Set(["a"]), {}),
  () => new Storage(),
  () => reactive(new Storage()),
  () => new Closed(),
  () => Object.assign(new Map(), { entries: thrower }),
  () => Object.assign(new Map(), { entries: () => [["x_token", "s3cret"]].values() }),
  () => [1, 2].values(),
  () =>
    (function* () {
      yield "s3cret";
    })(),
  () => Promise.resolve("s3cret"),
  () => new Headers({ authorization: "s3cret" }),
  () => new URLSearchParams("token=s3cret"),
  () => new Event("e"),
  () => new (class Empty {})(),
  ...[3, 2.5, -1, Number.NaN, "2", null].map((length) => () => lying(length)),
  () => still(new Error("outer", { cause: still(new AggregateError([coded(), "x"], "middle", { cause: coded() })) })),
  () => hidden(still(new Error("suppressed")), { error: coded(), suppressed: [coded()] }),
  () =>
    Object.assign(still(new Error("m")), {
      type: "own",
      stacktrace: { x_token: "s3cret" },
      errors: { field: coded() },
    }),
  () => Object.assign(still(new Error("m")), { message: { x_token: "s3cret", b: 1n } }),
  () => Object.assign(still(new Error("m")), { message: Symbol("m") }),
  () => Object.assign(still(new Error("m")), { stack: [callSite, callSite] }),
  () => Object.assign(still(new Error("m")), { stack: { x_token: "s3cret" } }),
  () => Object.defineProperty(new Error("m"), "stack", { get: thrower }),
  () => Object.defineProperty(still(new Error("m")), "message", { get: thrower }),
  () => Object.defineProperty(still(new Error("m")), "cause", { get: thrower }),
  () => new Proxy(still(new Error("m")), { ownKeys: thrower }),
  () => {
    const error: Error & { errors?: unknown } = still(new Error("own member", { cause: {} }));
    error.errors = [error, { error }];
    error.cause = error;
    return error;
  },
  () => 10n ** 5_000n,
  () => -(10n ** 1_030n),
  () =>
    new Map<unknown, unknown>([
      [doubled(3), 1],
      [10n ** 5_000n, 2],
      [["a", "x_api_key"], "s3cret"],
    ]),
  () =>
    new Map<unknown, unknown>([
      [new Uint8Array(3), 1],
      [[1, [2, null]], 2],
      [Symbol("s"), 3],
      [{ toString: thrower }, 4],
    ]),
  ...[64, 128, 129, 1_023, 1_024, 1_025, 5_000].flatMap((length) => [
    () => ({
      ["k".repeat(length)]: 1,
      [`${"k".repeat(length - 8)}_api_key`]: "s3cret",
      [`${"\ud83d\ude00".repeat(length / 2)}x`]: 2,
    }),
    () =>
      new Map([
        ["k".repeat(length), "v"],
        [`${"k".repeat(length - 8)}_api_key`, "s3cret"],
      ]),
    () => ({ ["u".repeat(length)]: undefined }),
  ]),
  () => "y".repeat(9_000),
  () => ({
    a: "y".repeat(9_000),
    z: new Map([
      [`${"k".repeat(80)}_token`, "s3cret"],
      ["v", "w".repeat(100)],
    ]),
  }),
];

/** Some that take long to look at: too long for many runs. */
export const costlyValues: readonly Make[] = [
  () => lying(Number.POSITIVE_INFINITY),
  () => new Map([[doubled(30), "s3cret"]]),
  () => new Map([[[doubled(30), "x_api_key"], "s3cret"]]),
  () => 10n ** 300_000n,
  () => ({ ["k".repeat(1e6)]: 1 }),
];

/** One of each kind that has a rule in §1.4, and edges of the fast path. */
export const hostileValues: readonly Make[] = [
  ...fieldValues,
  ...[0, -0, 1, -1, 9, 10, -10, 0.5, -0.5, 12.25, 0.001, 0.0005, 999_999.999, 1_000_000.5, 1.1, 0.1 + 0.2].map(
    (n) => () => n,
  ),
  ...[2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 64, 1e21, 1e-7, 5e-324, Number.MAX_VALUE].map(
    (n) => () => n,
  ),
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((n) => () => n),
  ...[0n, -1n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 63n) - 1n, 10n ** 30n].map((n) => () => n),
  ...[true, false, null, undefined].map((value) => () => value),
  ...[
    "",
    "a",
    '"',
    "\\",
    "\n",
    "\u0000",
    "\u001f",
    "\u007f",
    "\u0080",
    "\u009f",
    "é",
    "\u2028",
    "\u202e",
    "😀",
    "\ud800",
    "a\udfff",
    "\udc00\ud800",
  ].map((text) => () => text),
  ...[39, 40, 41, 200].flatMap((length) => [
    () => "x".repeat(length),
    () => `${"x".repeat(length - 1)}"`,
    () => `${"x".repeat(length - 1)}é`,
    () => `\ud800${"x".repeat(length - 1)}`,
  ]),
  () => Symbol("s"),
  () => thrower,
  () => still(new Error("boom", { cause: still(new TypeError("inner")) })),
  () => still(new AggregateError([still(new Error("a")), 1], "many")),
  () => new Date(0),
  () => new Date(Number.NaN),
  () =>
    new Map<unknown, unknown>([
      [{}, 1],
      ["api_key", "s3cret"],
      [
        "\ud800",
        new Map([
          ["b", 1],
          ["a", 2],
        ]),
      ],
    ]),
  () => new Set([1, new Set([2])]),
  () => new Uint8Array([0, 255]),
  () => new ArrayBuffer(3),
  () => new URL("https://example.com/a?b"),
  () => /a"b/gu,
  () => Object("boxed"),
  () => Object(1n),
  () => new Account(),
  () => new Money(),
  () => Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }) as unknown,
  () =>
    Object.create(null, {
      user_password: { get: thrower, enumerable: true },
      b: { value: 1, enumerable: true },
    }) as unknown,
  () => ({
    b: 1,
    get bad(): never {
      return thrower();
    },
    a: 2,
  }),
  () => ({
    get fine(): unknown {
      return {
        get deeper(): string {
          return "read";
        },
      };
    },
  }),
  () => ({
    get db_password(): never {
      return thrower();
    },
  }),
  () => ({ db_password: { toJSON: thrower } }),
  () => ({ a: 1, toJSON: thrower }),
  () => ({ a: 1, toJSON: () => undefined }),
  () => ({ a: 1, toJSON: (key: string) => ({ key, client_secret: "s3cret" }) }),
  () => ({ toJSON: 1, a: undefined, b: () => 1, c: Symbol("c") }),
  () => ({
    get toJSON(): never {
      return thrower();
    },
  }),
  () => Object.defineProperty({ a: 1 }, "toJSON", { value: () => "hidden" }),
  () => Object.defineProperty({ a: 1 }, "hidden", { value: 2 }),
  () => ({ [Symbol.toStringTag]: "Error", a: 1 }),
  () => ({ [Symbol.iterator]: 1, a: 1 }),
  () => JSON.parse('{"__proto__":{"x":1},"constructor":2,"hasOwnProperty":3}') as unknown,
  () => ({ 10: "a", 9: "b", b: 1, "-1": 2, "": 3, a: 4 }),
  () => ({ "\uff61": 1, "\u{10000}": 2, é: 3, "\ud800": 4, "\ufffd": 5, "a.b": 6, '"': 7, "\n": 8 }),
  () => ({ "\ufffd": undefined, "\ud800": "kept", "\udc00": undefined }),
  () => ({ API_KEY: 1, "x-api_key": 2, _key: 3, "\u212a_Key": 4, user_pin: 5, iban: 6 }),
  () => [undefined, () => 1, Symbol("s"), Number.NaN, "\ud800"],
  () => {
    const sparse = [1];
    sparse[3] = 4;
    return sparse;
  },
  () => Object.assign([1, 2], { extra: 3, toJSON: () => "not asked" }),
  () => Object.defineProperty([1, 2], 1, { get: thrower }),
  () => {
    const cycle: Record<string, unknown> = { n: 1 };
    cycle.self = cycle;
    cycle.list = [cycle, { cycle }];
    return cycle;
  },
  () => {
    const shared = { a: [1] };
    return { one: shared, two: shared, list: [shared, shared] };
  },
  () => {
    const list: unknown[] = [1];
    list.push(list, { list });
    return list;
  },
  ...[29, 30, 31, 32, 33].flatMap((levels) => [
    () => nested(levels, 1, true),
    () => nested(levels, { api_key: 1, d: new Date(0) }, true),
    () => nested(levels, [[]], false),
    () => nested(levels, new Map([["k", {}]]), false),
    () => nested(levels, still(new Error("deep")), levels % 2 === 0),
  ]),
  () => revoked({}),
  () => revoked([]),
  () => new Proxy({ b: 1, a: { card_token: 2 } }, {}),
  () => new Proxy([1, 2], {}),
  () => new Proxy({ a: 1 }, { ownKeys: thrower }),
  () => new Proxy({ a: 1, b: 2 }, { getOwnPropertyDescriptor: thrower }),
  () => new Proxy({ a: 1 }, { getPrototypeOf: thrower }),
  () => new Proxy({ a: 1, b: 2 }, { get: (target, key) => (key === "b" ? thrower() : Reflect.get(target, key)) }),
  () => Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${(index * 37) % 200}`, index])),
  () => ({ ["k".repeat(200)]: 1, a: 2 }),
];

const anything: fc.Arbitrary<Make> = fc
  .anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
    withSparseArray: true,
    withBoxedValues: true,
  })
  .map((value) => () => value);

const numbers: fc.Arbitrary<Make> = fc
  .oneof(
    fc.double(),
    fc.integer(),
    fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }).map((n) => n / 1000),
    fc.integer({ min: -99_999, max: 99_999 }).map((n) => n / 10_000),
  )
  .map((n) => () => n);

const strings: fc.Arbitrary<Make> = fc
  .oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ maxLength: 90 }))
  .map((text) => () => text);

/** Few enough that sequences come again, plain ones mostly. */
const KNOWN_KEYS = [
  "a",
  "b",
  "c",
  "http.route",
  "user.id",
  "api_key",
  "db_password",
  "AUTH_TOKEN",
  "user_pin",
  "1",
  "10",
  "9",
  "",
  "__proto__",
  "constructor",
  "toJSON",
  "length",
  "\ud800",
  "\ufffd",
  "é",
  "\uff61",
  "\u{10000}",
  'q"q',
  "\n",
  "dagstack.argument",
];

export const anyKey: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KNOWN_KEYS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
);

/** An object with own enumerable members, whatever their keys. */
export function objectOf(
  entries: readonly (readonly [string, Make])[],
  prototype: object | null = Object.prototype,
): object {
  const object = Object.create(prototype) as object;
  for (const [key, make] of entries) {
    Object.defineProperty(object, key, { value: make(), enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function mapOf(value: fc.Arbitrary<Make>, maxLength: number): fc.Arbitrary<Make> {
  return fc.tuple(fc.array(fc.tuple(anyKey, value), { maxLength }), fc.boolean()).map(
    ([entries, bare]) =>
      () =>
        objectOf(entries, bare ? null : Object.prototype),
  );
}

const { value } = fc.letrec<{ value: Make }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: fc.constantFrom(...hostileValues) },
    { weight: 2, arbitrary: strings },
    { weight: 2, arbitrary: numbers },
    { weight: 1, arbitrary: anything },
    { weight: 2, arbitrary: mapOf(tie("value"), 5) },
    {
      weight: 1,
      arbitrary: fc.array(tie("value"), { maxLength: 4 }).map((makes) => () => makes.map((make) => make())),
    },
  ),
}));

export const anyValue: fc.Arbitrary<Make> = value;

/** What comes where attributes are expected: maps as a rule, but not always. */
export const anyAttributes: fc.Arbitrary<Make> = fc.oneof(
  { weight: 8, arbitrary: mapOf(value, 8) },
  { weight: 1, arbitrary: value },
);
