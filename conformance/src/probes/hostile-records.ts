/** Records that no program should log, and every program does some day. All are valid (§1.3, §1.4). */
import type { Attributes, LogRecord, Value } from "@dagstack/logger-core";
import type { Station } from "../station/index.ts";
import { bodyOf, suiteRecord } from "../station/index.ts";

/** A hostile record, made for a station. */
export interface HostileRecord {
  /** In words, for messages. */
  readonly what: string;
  readonly n: number;
  readonly record: LogRecord;
  /** Whether the body holds the record's number, by which a destination that shows no attributes can be read. */
  readonly numberInBody: boolean;
}

const MEBIBYTE = 1024 * 1024;
const MAX_DEPTH = 32;
const KEYS = 5000;
const INT64_MAX = 2n ** 63n - 1n;

/** Keys that are data like any others (§1.4). */
const ODD_KEYS: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  "line\nbreak",
  "escape\u001b[2J",
  "nul\u0000",
  "bidi\u202e",
  "pair\u{1f600}",
];

type Parts = { readonly body?: Value; readonly attributes?: Attributes };

const RECIPES: readonly { readonly what: string; readonly make: (text: string, n: number) => Parts }[] = [
  { what: "a body of 1 MiB", make: (text) => ({ body: `${text} ${"x".repeat(MEBIBYTE)}` }) },
  { what: "an attribute of 1 MiB", make: (_, n) => ({ attributes: { n, big: "x".repeat(MEBIBYTE) } }) },
  { what: `attributes ${MAX_DEPTH} levels deep`, make: (_, n) => ({ attributes: { n, deep: nested(MAX_DEPTH - 1) } }) },
  { what: `${KEYS} attributes`, make: (_, n) => ({ attributes: { ...many(KEYS), n } }) },
  { what: "attributes with keys such as __proto__", make: (_, n) => ({ attributes: oddKeys(n) }) },
  {
    what: "control characters in the body",
    make: (text) => ({ body: `${text} \u0000\n\r\u001b[2J\u202e\u2028\u{1f600}` }),
  },
  { what: "a null body", make: () => ({ body: null }) },
  { what: "a body that is a map", make: (text) => ({ body: { text, list: [1, null, { deep: true }] } }) },
  {
    what: "an empty body and empty values",
    make: (_, n) => ({ body: "", attributes: { n, list: [], map: {}, text: "" } }),
  },
  {
    what: "bigint attributes at the ends of int64",
    make: (_, n) => ({ attributes: { n, max: INT64_MAX, min: -INT64_MAX - 1n, beyondDouble: 2n ** 53n + 1n } }),
  },
  {
    what: "numbers at the ends of double",
    make: (_, n) => ({ attributes: { n, max: Number.MAX_VALUE, min: Number.MIN_VALUE, third: 1 / 3 } }),
  },
];

/** One of each, with the station's next numbers. */
export function hostileRecords(station: Station): HostileRecord[] {
  return RECIPES.map(({ what, make }) => {
    const n = station.records(1)[0]?.attributes.n as number;
    const text = bodyOf(n);
    const record = suiteRecord(n, make(text, n));
    const { body } = record;
    return { what, n, record, numberInBody: JSON.stringify(body).includes(text) };
  });
}

/** Attributes with the odd keys; `prototype` stands under `__proto__`. */
export function oddKeys(n: number, prototype: Value = "value of __proto__"): Attributes {
  // Not by assignment: that would set the prototype.
  return Object.fromEntries([
    ["n", n] as const,
    ...ODD_KEYS.map((key) => [key, key === "__proto__" ? prototype : `value of ${JSON.stringify(key)}`] as const),
  ]);
}

function nested(levels: number): Value {
  let value: Value = { end: true };
  for (let level = 1; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}

function many(count: number): Attributes {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key.${index}`, index]));
}
