/**
 * The cap on one record (design §13, `maxRecordBytes`): the longest strings are cut first, then containers.
 *
 * Sizes are those of body and attributes as canonical JSON, in UTF-8: what both lanes write. First all strings are cut
 * to one common length, the largest with which the rest fits; what is shorter stays whole. Where even short strings do
 * not fit, containers give way: entries that are small stay, the large ones share what is left, and lists and maps that
 * are too long for that lose entries from their end, with a mark in their place.
 */
import type { Attributes, Value } from "./record.ts";
import { type MutableMap, setMember } from "./value-walk.ts";

/** Ends a string that was cut; stands at the end of a list, and as a key, for entries that were left out. */
export const TRUNCATION_MARK = "…[truncated]";

/** The attribute that says how much of a record was cut, in bytes. */
export const TRUNCATED_BYTES_KEY = "dagstack.truncated_bytes";

/** The default of `maxRecordBytes`: 256 KiB. */
export const DEFAULT_MAX_RECORD_BYTES = 262_144;

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

/** The content, cut to `maxBytes` when it is larger, which `dagstack.truncated_bytes` then says. Values must be built. */
export function limitContent(content: RecordContent, maxBytes: number): RecordContent {
  const sizes = new Sizes();
  const total = sizes.of(content.body) + sizes.of(content.attributes);
  if (total <= maxBytes) return content;
  const allowed = maxBytes - NOTE_BYTES;
  const forStrings = allowed - (total - sizes.strings.reduce((sum, size) => sum + size, 0));
  const level = forStrings < 0 ? 0 : commonSize(sizes.strings, forStrings);
  let body = cutStrings(content.body, Math.max(level, SHORT_STRING_BYTES));
  let attributes = cutStrings(content.attributes, Math.max(level, SHORT_STRING_BYTES)) as Attributes;
  if (level < SHORT_STRING_BYTES) {
    const shrunk = shrinkEntries([body, attributes], [0, 0], allowed, new Sizes());
    body = shrunk[0] as Value;
    attributes = shrunk[1] as Attributes;
  }
  const kept = new Sizes();
  const marked: MutableMap = {};
  for (const key of Object.keys(attributes)) setMember(marked, key, attributes[key] as Value);
  marked[TRUNCATED_BYTES_KEY] = total - kept.of(body) - kept.of(attributes);
  return { body, attributes: Object.freeze(marked) };
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
    if (typeof value !== "object" || value === null) return String(value).length;
    const known = this.#containers.get(value);
    if (known !== undefined) return known;
    let size = 2;
    if (Array.isArray(value)) for (const item of value as readonly Value[]) size += this.of(item) + 1;
    else for (const key of Object.keys(value)) size += keyBytes(key) + this.of((value as Attributes)[key] as Value) + 1;
    if (size > 2) size -= 1; // one comma less than entries
    this.#containers.set(value, size);
    return size;
  }
}

/** `"key":` */
function keyBytes(key: string): number {
  return textBytes(key) + 3;
}

/** The UTF-8 size of a text as a JSON string, without its quotes. */
function textBytes(text: string): number {
  let size = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    size += unitBytes(unit);
    if (unit >= 0xd800 && unit < 0xdc00) index += 1;
  }
  return size;
}

/** The size of the character that begins with this UTF-16 unit. */
function unitBytes(unit: number): number {
  if (unit < 0x20) return unit === 8 || unit === 9 || unit === 10 || unit === 12 || unit === 13 ? 2 : 6;
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

function cutStrings(value: Value, maxBytes: number): Value {
  if (typeof value === "string") return textBytes(value) > maxBytes ? cutText(value, maxBytes) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item: Value) => cutStrings(item, maxBytes)));
  const cut: MutableMap = {};
  for (const key of Object.keys(value)) setMember(cut, key, cutStrings((value as Attributes)[key] as Value, maxBytes));
  return Object.freeze(cut);
}

/** The beginning of a text, cut between characters, and the mark. */
function cutText(text: string, maxBytes: number): string {
  let left = maxBytes - MARK_BYTES;
  let end = 0;
  while (end < text.length) {
    const unit = text.charCodeAt(end);
    left -= unitBytes(unit);
    if (left < 0) break;
    end += unit >= 0xd800 && unit < 0xdc00 ? 2 : 1;
  }
  return text.slice(0, end) + TRUNCATION_MARK;
}

/** A container with as much of its entries as `allowed` bytes hold. Anything else is answered as it is. */
function shrink(value: Value, allowed: number, sizes: Sizes): Value {
  if (typeof value !== "object" || value === null || sizes.of(value) <= allowed) return value;
  const isList = Array.isArray(value);
  const keys = Object.keys(value);
  const values = isList ? (value as readonly Value[]) : keys.map((key) => (value as Attributes)[key] as Value);
  const costs = isList ? values.map(() => 1) : keys.map((key) => keyBytes(key) + 1);
  // Room for the brackets and for the mark, which in a map is a key with a number.
  const kept = shrinkEntries(values, costs, allowed - 2 - MARK_BYTES - 16, sizes);
  const left = values.length - kept.length;
  if (isList) return Object.freeze(left === 0 ? kept : [...kept, TRUNCATION_MARK]);
  const map: MutableMap = {};
  for (const [index, entry] of kept.entries()) setMember(map, keys[index] as string, entry);
  if (left > 0) map[TRUNCATION_MARK] = left;
  return Object.freeze(map);
}

/** As many entries from the first as fit when containers may shrink to nothing; then the large containers share the room. */
function shrinkEntries(values: readonly Value[], costs: readonly number[], allowed: number, sizes: Sizes): Value[] {
  const least = (value: Value): number => (typeof value === "object" && value !== null ? EMPTY_BYTES : sizes.of(value));
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
