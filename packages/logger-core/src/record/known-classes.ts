/** Built-in classes that have a form of their own on the wire (§1.4), recognised by what only they can do. */
import { base64 } from "./base64.ts";
import { isError } from "./error-parts.ts";
import type { WalkBudget } from "./walk-budget.ts";

/** What a known class becomes: a container to walk, or a scalar; the scalar of an invalid Date is `null`. */
export type KnownForm =
  | { readonly container: "map" | "set" | "error" }
  | { readonly container: null; readonly scalar: string | number | boolean | bigint | symbol | null };

const MAP: KnownForm = { container: "map" };
const SET: KnownForm = { container: "set" };
const ERROR: KnownForm = { container: "error" };

const scalar = (value: string | number | boolean | bigint | symbol | null): KnownForm => ({
  container: null,
  scalar: value,
});

/** Each throws when the value has the tag of the class but is none. */
const FORMS: ReadonlyMap<string, (input: object, budget: WalkBudget) => KnownForm> = new Map([
  ["[object Map]", mapForm],
  ["[object Set]", setForm],
  ["[object Date]", dateForm],
  ["[object URL]", urlForm],
  ["[object RegExp]", regExpForm],
  ["[object ArrayBuffer]", bufferForm],
  ["[object SharedArrayBuffer]", bufferForm],
  ["[object Number]", (input: object) => scalar(Number.prototype.valueOf.call(input))],
  ["[object String]", (input: object) => scalar(String.prototype.valueOf.call(input))],
  ["[object Boolean]", (input: object) => scalar(Boolean.prototype.valueOf.call(input))],
  ["[object BigInt]", (input: object) => scalar(BigInt.prototype.valueOf.call(input))],
  ["[object Symbol]", (input: object) => scalar(Symbol.prototype.valueOf.call(input))],
]);

function mapForm(input: object): KnownForm {
  Map.prototype.has.call(input, undefined);
  return MAP;
}

function setForm(input: object): KnownForm {
  Set.prototype.has.call(input, undefined);
  return SET;
}

function dateForm(input: object): KnownForm {
  const time = Date.prototype.getTime.call(input);
  return scalar(Number.isNaN(time) ? null : new Date(time).toISOString());
}

const sourceOf = Object.getOwnPropertyDescriptor(RegExp.prototype, "source")?.get;

function regExpForm(input: object): KnownForm {
  sourceOf?.call(input);
  return scalar(RegExp.prototype.toString.call(input));
}

function bufferForm(input: object, budget: WalkBudget): KnownForm {
  const bytes = new Uint8Array(input as ArrayBuffer);
  if (bytes.buffer !== input) throw new TypeError("no buffer");
  return scalar(base64(budget.takeBytes(bytes)));
}

function urlForm(input: object): KnownForm {
  const { href } = input as { href?: unknown };
  if (typeof href !== "string") throw new TypeError("no URL");
  return scalar(href);
}

/** The form of a value of a known class; `undefined` for any other object, also one that only has the class's tag. */
export function knownForm(input: object, budget: WalkBudget): KnownForm | undefined {
  if (isError(input)) return ERROR;
  if (ArrayBuffer.isView(input)) {
    const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    return scalar(base64(budget.takeBytes(bytes)));
  }
  const read = FORMS.get(Object.prototype.toString.call(input));
  if (read === undefined) return undefined;
  try {
    return read(input, budget);
  } catch {
    return undefined; // it only pretends: the caller walks it as a plain object and nothing is lost
  }
}
