import { bigintText } from "./bigint-text.ts";
import { UNREADABLE } from "./coercion.ts";
import { MAX_KEY_LENGTH, type WalkBudget } from "./walk-budget.ts";

/** Texts of lists above this length are given up, and lists nested deeper than this. */
const MAX_LIST_TEXT = 65_536;
const MAX_LIST_DEPTH = 32;
const GIVEN_UP = Symbol("the text of a list is given up");

/**
 * The key of a Map's entry as text (§1.4). `undefined` for a list whose text would be so long that it cannot be told
 * whether it is secret: one that holds a list several times, which does the same, can grow without bound.
 */
export function keyText(key: unknown, budget: WalkBudget): string | undefined {
  try {
    if (typeof key === "bigint") return bigintText(key, MAX_KEY_LENGTH);
    return isList(key) ? listText(key, [], budget) : String(key);
  } catch (error) {
    // An unreadable key keeps its value; the key's text says what happened to it.
    return error === GIVEN_UP ? undefined : UNREADABLE;
  }
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** What `String(list)` is. */
function listText(list: ArrayLike<unknown>, within: readonly unknown[], budget: WalkBudget): string {
  if (within.includes(list)) return "";
  if (within.length > MAX_LIST_DEPTH) throw GIVEN_UP;
  const ancestors = [...within, list];
  let text = "";
  for (let at = 0; at < list.length; at++) {
    if (at > 0) text += ",";
    const item = list[at];
    if (isList(item)) text += listText(item, ancestors, budget);
    else if (typeof item === "bigint") text += bigintText(item, MAX_KEY_LENGTH);
    else if (item !== undefined && item !== null) text += String(item);
    budget.takeUnits(1);
    if (text.length > Math.min(MAX_LIST_TEXT, budget.textLimit)) throw GIVEN_UP;
  }
  return text;
}
