import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { buildAttributes, buildBody, buildRecord, createRedactor, TRUNCATED_BYTES_KEY } from "../../src/index.ts";
import { testRecord } from "../../src/testing/index.ts";
import { toDagstackJsonl } from "../../src/wire/index.ts";

const redactor = createRedactor();

/** What an attribute becomes, and what was reported. */
function told(v: unknown): { readonly v: unknown; readonly reports: readonly string[] } {
  const reports: string[] = [];
  const attributes = buildAttributes([{ v }], redactor, (kind, path) => reports.push(`${kind} ${path}`));
  return { v: attributes.v, reports };
}

/** A proxy that answers for a collection with functions of its own, as reactive frameworks make them. */
function reactive<T extends object>(target: T): T {
  return new Proxy(target, {
    get(_, key) {
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** Keeps its entries itself, and brings only some of the protocol. */
function storingMap(...members: readonly ("entries" | "iterator" | "forEach")[]): Map<unknown, unknown> {
  const entries: [unknown, unknown][] = [
    ["k", 1],
    ["x_api_key", "s3cret"],
  ];
  const protocol = {
    entries: () => entries.values(),
    [Symbol.iterator]: () => entries.values(),
    forEach: (each: (value: unknown, key: unknown) => void) => {
      for (const [key, value] of entries) each(value, key);
    },
  };
  class Storing extends Map {
    override get size(): number {
      return entries.length;
    }
  }
  const map = new Storing();
  for (const name of members) {
    const key = name === "iterator" ? Symbol.iterator : name;
    Object.defineProperty(Storing.prototype, key, {
      value: protocol[key as keyof typeof protocol],
      configurable: true,
    });
  }
  return map;
}

class Bag extends Set<unknown> {
  readonly #items = [1, { x_api_key: "s3cret" }];
  override get size(): number {
    return this.#items.length;
  }
  override values(): SetIterator<unknown> {
    return this.#items.values() as SetIterator<unknown>;
  }
}

describe("§1.4: Map and Set through their own protocol", () => {
  it.each([
    [
      "a reactive Map",
      reactive(
        new Map<unknown, unknown>([
          ["k", 1],
          ["x_api_key", "s3cret"],
        ]),
      ),
    ],
    ["a subclass with its own entries", storingMap("entries")],
    ["a subclass with its own iterator", storingMap("iterator")],
    ["a subclass with its own forEach", storingMap("forEach")],
    ["a subclass with all of it", storingMap("entries", "iterator", "forEach")],
    ["a reactive subclass", reactive(storingMap("entries"))],
    [
      "an iterator that is not iterable",
      Object.assign(new Map(), {
        entries: () => ({
          next: (() => {
            const all = [
              ["k", 1],
              ["x_api_key", "s3cret"],
            ].values();
            return () => all.next();
          })(),
        }),
      }),
    ],
    ["a Map of another realm", runInNewContext('new Map([["k", 1], ["x_api_key", "s3cret"]])')],
  ])("%s", (_, map) => {
    expect(told(map)).toStrictEqual({ v: { k: 1, x_api_key: "***" }, reports: [] });
  });

  it.each([
    ["a reactive Set", reactive(new Set<unknown>([1, { x_api_key: "s3cret" }]))],
    ["a subclass with its own storage", new Bag()],
    ["a Set of another realm", runInNewContext('new Set([1, { x_api_key: "s3cret" }])')],
  ])("%s", (_, set) => {
    expect(told(set)).toStrictEqual({ v: [1, { x_api_key: "***" }], reports: [] });
  });

  it("as the attribute argument", () => {
    expect(buildAttributes([reactive(new Map([["k", 1]])), storingMap("entries")], redactor)).toStrictEqual({
      k: 1,
      x_api_key: "***",
    });
  });

  it.each([
    ["a Map whose entries nothing tells", storingMap(), "[Map]"],
    ["a bare proxy of a Map", new Proxy(new Map([["k", 1]]), {}), "[Map]"],
    ["a bare proxy of a Set", new Proxy(new Set([1]), {}), "[Set]"],
  ])("%s is told by its class, and reported", (_, map, text) => {
    expect(told(map)).toStrictEqual({ v: text, reports: ["unsupported_type v"] });
  });

  it("an empty one is empty, without a report", () => {
    for (const empty of [new Map(), reactive(new Map())]) expect(told(empty)).toStrictEqual({ v: {}, reports: [] });
    for (const empty of [new Set(), reactive(new Set())]) expect(told(empty)).toStrictEqual({ v: [], reports: [] });
  });

  it("one whose protocol throws is unreadable", () => {
    const map = Object.assign(new Map(), {
      entries: () => {
        throw new RangeError("s3cret");
      },
    });
    expect(told(map)).toStrictEqual({ v: "[Unreadable]", reports: ["unreadable v"] });
  });
});

function* generator(): Iterable<number> {
  yield 1;
}

describe("§1.4: nothing becomes empty in silence", () => {
  it.each([
    [generator(), "Generator"],
    [new Map().entries(), "Map Iterator"],
    [[1][Symbol.iterator](), "Array Iterator"],
    [Promise.resolve(1), "Promise"],
    [new WeakMap(), "WeakMap"],
    [new AbortController(), "AbortController"],
    [new (class Empty {})(), "Empty"],
    [Object.create({ inherited: 1 }), "Object"],
  ])("%o is told by its class, and reported", (object, name) => {
    const expected = { v: `[${name}]`, reports: ["unsupported_type v"] };
    expect(told(object)).toStrictEqual(expected);
    expect(buildBody(object, redactor)).toBe(`[${name}]`);
  });

  it("an iterator is not used up by logging it", () => {
    const items = generator()[Symbol.iterator]();
    told(items);
    expect(items.next().value).toBe(1);
  });

  it.each([
    ["{}", {}],
    ["a null-prototype object", Object.create(null)],
    ["{} of another realm", runInNewContext("({})")],
  ])("%s stays empty, without a report", (_, object) => {
    expect(told(object)).toStrictEqual({ v: {}, reports: [] });
  });

  it.each([
    ["a Set", new Set([1]), [1]],
    ["a Date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a URL", new URL("http://h/p"), "http://h/p"],
    ["a RegExp", /a/g, "/a/g"],
    ["a boxed string", new String("abc"), "abc"],
    ["bytes", new Uint8Array([1, 2]), "AQI="],
    ["an instance that tells itself", { __proto__: { toJSON: () => ({ a: 1 }) } }, { a: 1 }],
  ])("%s as the attribute argument is kept under dagstack.argument", (_, argument, value) => {
    const reports: string[] = [];
    const attributes = buildAttributes([argument], redactor, (kind) => reports.push(kind));
    expect([attributes, reports]).toStrictEqual([{ "dagstack.argument": value }, ["attributes_not_a_map"]]);
  });

  it("an object of which nothing can be read, as the attribute argument, likewise", () => {
    const reports: string[] = [];
    const attributes = buildAttributes([new WeakSet()], redactor, (kind) => reports.push(kind));
    expect(attributes).toStrictEqual({ "dagstack.argument": "[WeakSet]" });
    expect(reports).toStrictEqual(["attributes_not_a_map", "unsupported_type"]);
  });
});

describe("§1.4: a collection that never ends and says so", () => {
  function* endless(): Iterable<readonly [string, number]> {
    for (let at = 0; ; at++) yield [`k${at}`, at];
  }
  class EndlessMap extends Map {
    override get size(): number {
      return Number.POSITIVE_INFINITY;
    }
    override [Symbol.iterator](): MapIterator<[unknown, unknown]> {
      return endless() as MapIterator<[unknown, unknown]>;
    }
  }
  class EndlessSet extends Set {
    override get size(): number {
      return Number.POSITIVE_INFINITY;
    }
    override [Symbol.iterator](): SetIterator<unknown> {
      return endless() as SetIterator<unknown>;
    }
  }

  it.each([
    ["a Map", new EndlessMap()],
    ["a Set", new EndlessSet()],
  ])("%s: its beginning arrives, and a finite count of the rest", (_, collection) => {
    const draft = { ...testRecord(), bound: [], attributes: [{ v: collection }] };
    const record = buildRecord(draft, redactor);
    expect(toDagstackJsonl(record).length).toBeLessThan(300_000);
    expect(record.attributes[TRUNCATED_BYTES_KEY]).toSatisfy(Number.isSafeInteger);
  });
});

describe("§1.4: a list whose length lies", () => {
  const lying = (length: unknown): unknown =>
    new Proxy([1, 2], { get: (list, key) => (key === "length" ? length : Reflect.get(list, key)) });

  it.each([[Number.POSITIVE_INFINITY], [1e300], [2 ** 53], [2 ** 32]])(
    "%s: what there is arrives, the rest is counted",
    (length) => {
      const { v, reports } = told(lying(length));
      const list = v as readonly unknown[];
      expect([list[0], list[1], list[2], list.at(-1)]).toStrictEqual([1, 2, null, "…[truncated]"]);
      expect(reports).toStrictEqual(["truncated "]);
    },
  );

  it.each([[-1], [Number.NaN], ["2"], [2n], [Symbol("2")], [null], [undefined], [{}]])("%s: unreadable", (length) => {
    expect(told(lying(length))).toStrictEqual({ v: "[Unreadable]", reports: ["unreadable v"] });
  });
});
