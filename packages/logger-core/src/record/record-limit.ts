/**
 * The cap on one record (design §13, `maxRecordBytes`): the longest strings are cut first, then containers.
 *
 * Sizes are those of body and attributes as canonical JSON, in UTF-8: what both lanes write. First all strings are cut
 * to one common length, the largest with which the rest fits; what is shorter stays whole. Where even short strings do
 * not fit, containers give way: entries that are small stay, the large ones share what is left, and lists and maps that
 * are too long for that lose entries from their end, with a mark in their place.
 */
import { type Attributes, TRUNCATION_MARK, type Value } from "../value/index.ts";
import type { LogRecord } from "./record.ts";

/** The attribute that says how much of a record was cut, in bytes. */
export const TRUNCATED_BYTES_KEY = "dagstack.truncated_bytes";

const MARK_BYTES = 14;
/** Room for `,"dagstack.truncated_bytes":` and its number. */
const NOTE_BYTES = 48;
/** Strings are not cut below this before containers are. */
const SHORT_STRING_BYTES = 64;

/** Body and attributes of a record. */
export interface RecordContent {
  readonly body: Value;
  readonly attributes: Attributes;
}

/**
 * The content, cut to `maxBytes` when it is larger, which `dagstack.truncated_bytes` then says. Values must be built.
 *
 * @param cutBytes what was left out before, which is added to what the attribute says.
 */
export function limitContent(content: RecordContent, maxBytes: number, cutBytes = 0): RecordContent {
  const sizes = new Sizes();
  const total = sizes.of(content.body) + sizes.of(content.attributes);
  if (total <= maxBytes) return cutBytes === 0 ? content : marked(content, cutBytes);
  const allowed = maxBytes - NOTE_BYTES;
  const forStrings = allowed - (total - sizes.strings.reduce((sum, size) => sum + size, 0));
  const level = forStrings < 0 ? 0 : commonSize(sizes.strings, forStrings);
  let parts = [content.body, content.attributes].map((part) => cutStrings(part, Math.max(level, SHORT_STRING_BYTES)));
  if (level < SHORT_STRING_BYTES) parts = shrinkEntries(parts, [0, 0], allowed, new Sizes());
  const [body, attributes] = parts as [Value, Attributes];
  const kept = new Sizes();
  return marked({ body, attributes }, cutBytes + total - kept.of(body) - kept.of(attributes));
}

/**
 * A record for a destination that takes less than `maxRecordBytes`: the same one where its body and attributes take at most
 * `maxBytes` as JSON, else a copy, cut as the logger cuts (§13).
 */
export function limitRecord(record: LogRecord, maxBytes: number): LogRecord {
  const { body, attributes } = limitContent(record, maxBytes);
  if (body === record.body && attributes === record.attributes) return record;
  const cut = Number(attributes[TRUNCATED_BYTES_KEY]) + Number(record.attributes[TRUNCATED_BYTES_KEY] ?? 0);
  return { ...record, body, attributes: Object.freeze({ ...attributes, [TRUNCATED_BYTES_KEY]: cut }) };
}

/** Here and below, spread and `fromEntries` define own properties, so a key called __proto__ stays data. */
function marked({ body, attributes }: RecordContent, cutBytes: number): RecordContent {
  return { body, attributes: Object.freeze({ ...attributes, [TRUNCATED_BYTES_KEY]: cutBytes }) };
}

const measured = new WeakMap<Attributes, number>();

/** What attributes take as JSON. Remembered, for those that come with many records. */
export function attributeBytes(attributes: Attributes): number {
  let bytes = measured.get(attributes);
  if (bytes === undefined) {
    bytes = new Sizes().of(attributes);
    measured.set(attributes, bytes);
  }
  return bytes;
}

/** Measures values, each container once, and gathers the sizes of the strings among them, quotes left out. */
class Sizes {
  readonly strings: number[] = [];
  readonly #containers = new Map<object, number>();

  of(value: Value): number {
    if (typeof value === "string") {
      const size = textBytes(value);
      this.strings.push(size);
      return size + 2;
    }
    if (!isContainer(value)) return String(value).length;
    const known = this.#containers.get(value);
    if (known !== undefined) return known;
    let size = 2;
    for (const [key, item] of Object.entries(value)) size += entryBytes(value, key) + this.of(item);
    if (size > 2) size -= 1; // one comma less than entries
    this.#containers.set(value, size);
    return size;
  }
}

type Container = Attributes | readonly Value[];

function isContainer(value: Value): value is Container {
  return typeof value === "object" && value !== null;
}

/** What an entry takes beside its value: a comma, and in a map `"key":`. */
function entryBytes(container: Container, key: string): number {
  return Array.isArray(container) ? 1 : textBytes(key) + 4;
}

/** The UTF-8 size of a text as a JSON string, without its quotes. */
function textBytes(text: string): number {
  return fitting(text, Number.POSITIVE_INFINITY).bytes;
}

/** As many characters from the first as fit: where they end, and what they take in a JSON string. */
function fitting(text: string, maxBytes: number): { readonly end: number; readonly bytes: number } {
  let bytes = 0;
  let end = 0;
  while (end < text.length) {
    const size = characterBytes(text.charCodeAt(end));
    if (bytes + size > maxBytes) break;
    bytes += size;
    end += size === 4 ? 2 : 1;
  }
  return { end, bytes };
}

/** The size of the character that begins with this UTF-16 unit; 4 exactly for those that have two. */
function characterBytes(unit: number): number {
  if (unit < 0x20) return unit >= 8 && unit <= 13 && unit !== 11 ? 2 : 6; // \b \t \n \f \r, else \u00…
  if (unit < 0x80) return unit === 0x22 || unit === 0x5c ? 2 : 1;
  if (unit < 0x800) return 2;
  return unit >= 0xd800 && unit < 0xdc00 ? 4 : 3;
}

/** The largest size to which all larger ones can be brought so that their sum is at most `allowed`. */
function commonSize(sizes: readonly number[], allowed: number): number {
  const ascending = [...sizes].sort((a, b) => a - b);
  let left = allowed;
  for (const [index, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (size > share) return share;
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

/** Texts end in the mark where they are cut. */
function cutStrings(value: Value, maxBytes: number): Value {
  if (typeof value === "string") {
    if (textBytes(value) <= maxBytes) return value;
    return value.slice(0, fitting(value, maxBytes - MARK_BYTES).end) + TRUNCATION_MARK;
  }
  if (!isContainer(value)) return value;
  return rebuilt(
    value,
    Object.values(value).map((item: Value) => cutStrings(item, maxBytes)),
  );
}

/** A container like another with other values; with fewer, a mark stands for those that are missing. */
function rebuilt(container: Container, values: readonly Value[]): Value {
  const keys = Object.keys(container);
  const left = keys.length - values.length;
  if (Array.isArray(container)) return Object.freeze(left === 0 ? values : [...values, TRUNCATION_MARK]);
  const entries = values.map((value, index) => [keys[index] as string, value] as const);
  return Object.freeze(Object.fromEntries(left === 0 ? entries : [...entries, [TRUNCATION_MARK, left]]));
}

/** A container with as much of its entries as `allowed` bytes hold. Anything else is answered as it is. */
function shrink(value: Value, allowed: number, sizes: Sizes): Value {
  if (!isContainer(value) || sizes.of(value) <= allowed) return value;
  const costs = Object.keys(value).map((key) => entryBytes(value, key));
  // Room for the brackets and for the mark, which in a map is a key with a number.
  return rebuilt(value, shrinkEntries(Object.values(value), costs, allowed - 2 - MARK_BYTES - 16, sizes));
}

/** As many entries from the first as fit when containers may shrink to nothing; then the large containers share the room. */
function shrinkEntries(values: readonly Value[], costs: readonly number[], allowed: number, sizes: Sizes): Value[] {
  const least = (value: Value): number => (isContainer(value) ? EMPTY_BYTES : sizes.of(value));
  let room = allowed;
  let count = 0;
  for (const [index, value] of values.entries()) {
    const needed = (costs[index] as number) + Math.min(least(value), sizes.of(value));
    if (needed > room) break;
    room -= needed;
    count += 1;
  }
  const kept = values.slice(0, count);
  // What each container wants beyond the least; the room that is left is shared among them.
  const share = commonSize(
    kept.map((value) => Math.max(0, sizes.of(value) - least(value))),
    room,
  );
  return kept.map((value) => shrink(value, least(value) + share, sizes));
}

/** What a container that has lost everything still takes: brackets, and the mark with its number. */
const EMPTY_BYTES = 2 + MARK_BYTES + 18;
