/**
 * The one walk that makes a private copy of what a caller passed: copied, normalised and redacted at once (§1.4).
 * Under a secret key nothing is read: no getter runs and no `toJSON` is called (§10.1).
 */

import { MASKED_PLACEHOLDER } from "../generated/secret-suffixes.ts";
import type { Redactor } from "../redaction/index.ts";
import { type CoercionKind, type CoercionReport, UNREADABLE } from "./coercion.ts";
import { errorMessage, errorStack, errorType } from "./error-parts.ts";
import { keyText } from "./key-text.ts";
import { knownForm } from "./known-classes.ts";
import { isPlain, type MutableMap, setMember } from "./plain-map.ts";
import type { Value } from "./record.ts";
import { DEFAULT_MAX_RECORD_BYTES, TRUNCATION_MARK, WalkBudget } from "./walk-budget.ts";

/** Containers deeper than this become `"[MaxDepth]"`; the attribute map is depth 1. */
export const MAX_DEPTH = 32;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Members of an Error that its `type`, `message` and `stacktrace` already tell, or that come last. */
const ERROR_MEMBERS = new Set(["name", "message", "stack", "type", "stacktrace", "cause", "errors"]);

type ContainerKind = "plain" | "list" | "map" | "set" | "error";

type ToJson = (this: object, key: string) => unknown;

/** Walks the values of one record. Not reusable while a walk is under way. */
export class ValueWalk {
  readonly #redactor: Redactor | null;
  readonly #report: CoercionReport;
  readonly #ancestors: object[];
  readonly #path: string[];
  readonly #budget: WalkBudget;

  /**
   * @param redactor `null` leaves every key unmasked.
   * @param budget what may be taken in, by this walk and others of the same record.
   * @param ancestors the containers, outermost first, and `path` the keys on the way to where the walk begins.
   */
  constructor(
    redactor: Redactor | null,
    report: CoercionReport,
    budget: WalkBudget = new WalkBudget(DEFAULT_MAX_RECORD_BYTES),
    ancestors: object[] = [],
    path: string[] = [],
  ) {
    this.#redactor = redactor;
    this.#report = report;
    this.#budget = budget;
    this.#ancestors = ancestors;
    this.#path = path;
  }

  /** The body (§3.2): any value; what has no `Value` form is `null`. */
  body(input: unknown): Value {
    return this.value(input, "", 1) ?? null;
  }

  /**
   * Adds the entries of an attribute map to `target`. Entries without a value leave what is there (design: `undefined`
   * does not override).
   */
  addEntries(target: MutableMap, source: object): void {
    this.#ancestors.push(source);
    try {
      const isMap = !isPlain(source) && knownForm(source, this.#budget)?.container === "map";
      this.#entries(target, source, 2, isMap ? "map" : "plain");
    } catch (error) {
      this.note("unreadable", error);
    } finally {
      this.#ancestors.pop();
    }
  }

  /** Adds one entry to `target`: an attribute, unless another `depth` is given. */
  addEntry(target: MutableMap, key: string, value: unknown, depth = 2): void {
    this.#put(target, key, value, depth);
  }

  /** Reports what happened to what the path leads to. */
  note(kind: CoercionKind, error?: unknown): void {
    this.#report(kind, this.#path.join("."), error === undefined ? undefined : errorType(error));
  }

  /**
   * One value, whose key is the last of the path. `undefined` means that it has no form: leave it out.
   *
   * @param depth of the value, should it be a container.
   */
  value(input: unknown, key: string, depth: number, honourToJson = true): Value | undefined {
    switch (typeof input) {
      case "string":
        return this.#text(input);
      case "number":
        if (Number.isFinite(input)) return input === 0 ? 0 : input;
        this.note("non_finite_number");
        return String(input);
      case "boolean":
        return input;
      case "bigint":
        if (input >= INT64_MIN && input <= INT64_MAX) return input;
        this.note("bigint_out_of_range");
        return input.toString();
      case "object":
        return input === null ? null : this.#object(input, key, depth, honourToJson);
      case "undefined":
        return undefined;
      default:
        this.note("unsupported_type");
        return undefined;
    }
  }

  #text(whole: string): string {
    const text = this.#budget.takeText(whole);
    if (text.isWellFormed()) return text;
    this.note("lone_surrogate");
    return text.toWellFormed();
  }

  #object(input: object, key: string, depth: number, honourToJson: boolean): Value | undefined {
    try {
      if (this.#ancestors.includes(input)) {
        this.note("circular");
        return "[Circular]";
      }
      if (Array.isArray(input)) return this.#container(input, depth, "list");
      if (!isPlain(input)) {
        // Before `toJSON`, which some of these classes have.
        const form = knownForm(input, this.#budget);
        if (form !== undefined) {
          if (form.container !== null) return this.#container(input, depth, form.container);
          if (form.scalar === null) this.note("invalid_date");
          return this.value(form.scalar, "", depth, false);
        }
      }
      if (honourToJson) {
        const { toJSON } = input as { toJSON?: unknown };
        if (typeof toJSON === "function") return this.#converted(input, toJSON as ToJson, key, depth);
      }
      return this.#container(input, depth, "plain");
    } catch (error) {
      this.note("unreadable", error);
      return UNREADABLE;
    }
  }

  /** What `toJSON` returns, walked as plain data: its own `toJSON` is not asked again. */
  #converted(input: object, toJSON: ToJson, key: string, depth: number): Value | undefined {
    const result: unknown = toJSON.call(input, key);
    if (result === input) return this.#container(input, depth, "plain");
    this.#ancestors.push(input);
    try {
      return this.value(result, key, depth, false);
    } finally {
      this.#ancestors.pop();
    }
  }

  #container(input: object, depth: number, kind: ContainerKind): Value {
    if (depth > MAX_DEPTH) {
      this.note("max_depth");
      return "[MaxDepth]";
    }
    const height = this.#ancestors.length;
    const steps = this.#path.length;
    this.#ancestors.push(input);
    try {
      if (kind === "list") return this.#list(input as readonly unknown[], depth + 1);
      if (kind === "set") return this.#set(input, depth + 1);
      const map: MutableMap = {};
      if (kind === "error") this.#error(map, input, depth + 1);
      else this.#entries(map, input, depth + 1, kind);
      return Object.freeze(map);
    } finally {
      this.#ancestors.length = height;
      this.#path.length = steps;
    }
  }

  /** Items without a value are `null`, so that positions stay. */
  #list(input: readonly unknown[], depth: number): Value {
    const list: Value[] = [];
    const { length } = input;
    for (let index = 0; index < length; index++) {
      if (!this.#budget.takeValue()) {
        this.#budget.leaveOut(length - index);
        list.push(TRUNCATION_MARK);
        break;
      }
      list.push(this.#item(input, index, depth));
    }
    return Object.freeze(list);
  }

  #set(input: object, depth: number): Value {
    const items: unknown[] = [];
    for (const item of Set.prototype.values.call(input)) {
      items.push(item);
      if (items.length > this.#budget.maxBytes) break; // the list leaves out more
    }
    return this.#list(items, depth);
  }

  #item(list: readonly unknown[], index: number, depth: number): Value {
    this.#path.push(String(index));
    let item: Value | undefined;
    try {
      item = this.value(list[index], String(index), depth);
    } catch (error) {
      this.note("unreadable", error);
      item = UNREADABLE;
    }
    this.#path.pop();
    return item ?? null;
  }

  #entries(target: MutableMap, input: object, depth: number, kind: ContainerKind): void {
    if (kind === "map") {
      let left = Reflect.get(Map.prototype, "size", input) as number;
      for (const [key, value] of Map.prototype.entries.call(input)) {
        if (this.#isFull(target, left)) return;
        left -= 1;
        this.#put(target, keyText(key), value, depth);
      }
      return;
    }
    const keys = Object.keys(input);
    for (let at = 0; at < keys.length; at++) {
      if (this.#isFull(target, keys.length - at)) return;
      this.#read(target, keys[at] as string, input, depth);
    }
  }

  /** Whether no more entries could fit; then `left` of them are left out. */
  #isFull(target: MutableMap, left: number): boolean {
    if (this.#budget.takeValue()) return false;
    this.#budget.leaveOut(left);
    target[TRUNCATION_MARK] = left;
    return true;
  }

  /** Reads one member and adds it, unless its key is secret: then it is not read. */
  #read(target: MutableMap, rawKey: string, holder: object, depth: number): void {
    if (this.#redactor?.isSecret(rawKey) === true) {
      setMember(target, this.#text(rawKey), MASKED_PLACEHOLDER);
      return;
    }
    let value: unknown;
    try {
      value = (holder as Record<string, unknown>)[rawKey];
    } catch (error) {
      this.#path.push(rawKey);
      this.note("unreadable", error);
      this.#path.pop();
      value = UNREADABLE;
    }
    if (rawKey.isWellFormed()) this.#store(target, rawKey, value, depth);
    else this.#put(target, rawKey, value, depth);
  }

  #put(target: MutableMap, rawKey: string, input: unknown, depth: number): void {
    const key = this.#text(rawKey);
    if (this.#redactor?.isSecret(key) === true) setMember(target, key, MASKED_PLACEHOLDER);
    else this.#store(target, key, input, depth);
  }

  #store(target: MutableMap, key: string, input: unknown, depth: number): void {
    this.#budget.takeKey(key);
    // What most values are needs no path.
    if (typeof input === "boolean") {
      setMember(target, key, input);
      return;
    }
    if (typeof input === "string") {
      const text = this.#budget.takeText(input);
      if (text.isWellFormed()) {
        setMember(target, key, text);
        return;
      }
    }
    this.#path.push(key);
    const value = this.value(input, key, depth);
    this.#path.pop();
    if (value !== undefined) setMember(target, key, value);
  }

  /** `{ type, message, stacktrace }`, then own properties such as `code`, then `cause` and `errors` where present. */
  #error(target: MutableMap, input: object, depth: number): void {
    this.#put(target, "type", errorType(input), depth);
    this.#put(target, "message", errorMessage(input) ?? "", depth);
    this.#put(target, "stacktrace", errorStack(input), depth);
    for (const key of Object.keys(input)) if (!ERROR_MEMBERS.has(key)) this.#read(target, key, input, depth);
    this.#read(target, "cause", input, depth);
    this.#read(target, "errors", input, depth);
  }
}
