/** Classes that have a form of their own on the wire (§1.4), recognised by what only they can do. */
import { isError } from "./error-parts.ts";
import type { WalkBudget } from "./walk-budget.ts";

/** What an object of a scalar class becomes; `null` for an invalid Date. */
export type ScalarForm = string | number | boolean | bigint | symbol | null;

/** Each throws when the value has the tag of the class but is none. */
const SCALARS: ReadonlyMap<string, (input: object, budget: WalkBudget) => ScalarForm> = new Map([
  ["[object Date]", dateForm],
  ["[object RegExp]", regExpForm],
  ["[object ArrayBuffer]", bufferForm],
  ["[object SharedArrayBuffer]", bufferForm],
  ["[object Number]", (input: object) => Number.prototype.valueOf.call(input)],
  ["[object String]", (input: object) => String.prototype.valueOf.call(input)],
  ["[object Boolean]", (input: object) => Boolean.prototype.valueOf.call(input)],
  ["[object BigInt]", (input: object) => BigInt.prototype.valueOf.call(input)],
  ["[object Symbol]", (input: object) => Symbol.prototype.valueOf.call(input)],
]);

const tagOf = (input: object): string => Object.prototype.toString.call(input);

function dateForm(input: object): ScalarForm {
  const time = Date.prototype.getTime.call(input);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

const sourceOf = Object.getOwnPropertyDescriptor(RegExp.prototype, "source")?.get;

function regExpForm(input: object): ScalarForm {
  sourceOf?.call(input);
  return RegExp.prototype.toString.call(input);
}

function bufferForm(input: object, budget: WalkBudget): ScalarForm {
  const bytes = new Uint8Array(input as ArrayBuffer);
  if (bytes.buffer !== input) throw new TypeError("no buffer");
  return base64(budget.takeBytes(bytes));
}

const CHUNK = 0x8000;

/** Base64 text of bytes, without needing Node's Buffer. */
function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(binary);
}

/** Whether an object seems to be of a scalar class. */
export function isScalarClass(input: object): boolean {
  return ArrayBuffer.isView(input) || SCALARS.has(tagOf(input));
}

/** The scalar that stands for an object of a known class; `undefined` for any other, also one that only has the tag. */
export function scalarForm(input: object, budget: WalkBudget): ScalarForm | undefined {
  if (ArrayBuffer.isView(input)) {
    return base64(budget.takeBytes(new Uint8Array(input.buffer, input.byteOffset, input.byteLength)));
  }
  try {
    return SCALARS.get(tagOf(input))?.(input, budget);
  } catch {
    return undefined; // it only pretends: the caller walks it as a plain object and nothing is lost
  }
}

/** What kind of container an object of a known class is. */
export function containerKind(input: object): "error" | "map" | "set" | undefined {
  if (isError(input)) return "error";
  const tag = tagOf(input);
  if (isCollection(input, tag, Map)) return "map";
  return isCollection(input, tag, Set) ? "set" : undefined;
}

/** One of the class, or one that can be read like it: a proxy that answers for one, a class with a storage of its own. */
function isCollection(input: object, tag: string, { name, prototype }: MapConstructor | SetConstructor): boolean {
  if (tag !== `[object ${name}]` && !Object.prototype.isPrototypeOf.call(prototype, input)) return false;
  try {
    return prototype.has.call(input as never, undefined) || true;
  } catch {
    return hasProtocol(input);
  }
}

function hasProtocol(input: object): boolean {
  try {
    const { size, forEach } = input as { readonly size?: unknown; readonly forEach?: unknown };
    return typeof size === "number" && typeof forEach === "function";
  } catch {
    return false; // a proxy that does not answer: nothing can be read, which the caller reports
  }
}

/** How many entries a collection says it has. */
export function sizeOf(collection: object): number {
  const { size } = collection as { readonly size?: unknown };
  return typeof size === "number" ? size : 0;
}

/** The entries of a Map, through its own protocol where it has one. */
export function entriesOf(map: object): Iterable<readonly unknown[]> {
  return iterate(map, Map.prototype, "entries", (value, key) => [key, value]) as Iterable<readonly unknown[]>;
}

/** The items of a Set, likewise. */
export function itemsOf(set: object): Iterable<unknown> {
  return iterate(set, Set.prototype, "values", (value) => value);
}

type Methods = { readonly [name: PropertyKey]: ((this: object, argument?: unknown) => unknown) | undefined };

function iterate(
  collection: object,
  prototype: object,
  method: "entries" | "values",
  item: (value: unknown, key: unknown) => unknown,
): Iterable<unknown> {
  const own = collection as Methods;
  const base = prototype as Methods;
  for (const name of [method, Symbol.iterator]) {
    if (typeof own[name] === "function" && own[name] !== base[name]) return iterable(own[name].call(collection));
  }
  if (own.forEach === base.forEach) return iterable(base[method]?.call(collection));
  const items: unknown[] = [];
  own.forEach?.call(collection, (value: unknown, key: unknown) => items.push(item(value, key)));
  return items;
}

function iterable(iterator: unknown): Iterable<unknown> {
  if (typeof (iterator as Partial<Iterable<unknown>>)[Symbol.iterator] === "function") return iterator as never;
  return { [Symbol.iterator]: () => iterator as Iterator<unknown> };
}

/** Whether nothing of an object that is not plain can be read: it has no members of its own, and is no `{}` of another realm. */
export function isOpaque(input: object): boolean {
  if (Object.keys(input).length > 0) return false;
  const prototype: object | null = Object.getPrototypeOf(input);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

const MAX_CLASS_NAME = 64;

/** What stands for an object of which nothing can be read: the name of its class, such as `[Headers]`. */
export function classText(input: object): string {
  const tag = tagOf(input).slice(8, -1);
  const name: unknown = tag === "Object" ? input.constructor?.name : tag;
  return `[${typeof name === "string" && name !== "" ? name.slice(0, MAX_CLASS_NAME) : "Object"}]`;
}
