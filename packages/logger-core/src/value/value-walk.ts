/**
 * The one walk that makes a private copy of what a caller passed: copied, normalised and redacted at once (§1.4).
 * Under a secret key nothing is read: no getter runs and no `toJSON` is called (§10.1). A key is judged whole, before
 * anything is cut.
 */

import { MASKED_PLACEHOLDER, type Redactor } from "../redaction/index.ts";
import { type CoercionReport, UNREADABLE } from "./coercion.ts";
import { ErrorPart, hasMessage } from "./error-parts.ts";
import { keyText } from "./key-text.ts";
import {
  classText,
  containerKind,
  entriesOf,
  isOpaque,
  isScalarClass,
  itemsOf,
  scalarForm,
  sizeOf,
} from "./known-classes.ts";
import { isStream, knownForm } from "./known-objects.ts";
import { MemberWalk } from "./member-walk.ts";
import { isPlain, listLength, type MutableMap, setMember } from "./plain-map.ts";
import type { Value } from "./value.ts";
import { DEFAULT_MAX_RECORD_BYTES, WalkBudget } from "./walk-budget.ts";

/** Containers deeper than this become `"[MaxDepth]"`; the attribute map is depth 1. */
export const MAX_DEPTH = 32;

/** Members of a Map that is a name and its value. */
const MAX_PAIR = 16;

type ContainerKind = "plain" | "list" | "map" | "set" | ErrorPart["kind"];

type ToJson = (this: object, key: string) => unknown;

/** Walks the values of one record. Not reusable while a walk is under way. */
export class ValueWalk extends MemberWalk {
  readonly #ancestors: unknown[];

  /**
   * @param redactor `null` leaves every key unmasked.
   * @param budget what may be taken in, by this walk and others of the same record.
   * @param ancestors the containers, outermost first, and `path` the keys on the way to where the walk begins.
   */
  constructor(
    redactor: Redactor | null,
    report: CoercionReport,
    budget: WalkBudget = new WalkBudget(DEFAULT_MAX_RECORD_BYTES),
    ancestors: unknown[] = [],
    path: string[] = [],
  ) {
    super(redactor, report, budget, path);
    this.#ancestors = ancestors;
  }

  /** The body (§3.2): any value; what has no `Value` form is `null`. */
  body(input: unknown): Value {
    return this.value(input, "", 1) ?? null;
  }

  /**
   * Adds the entries of an attribute map to `target`, a Map's too. Entries without a value leave what is there (design:
   * `undefined` does not override). False, with nothing added, for what has no entries.
   */
  addEntries(target: MutableMap, source: object): boolean {
    const height = this.#ancestors.length;
    try {
      const kind = isPlain(source) ? "plain" : this.#mapKind(source);
      if (kind === undefined) return false;
      this.#ancestors.push(source);
      this.#entries(target, source, 2, kind);
    } catch (error) {
      this.note("unreadable", error);
    }
    this.#ancestors.length = height;
    return true;
  }

  #mapKind(input: object): "plain" | "map" | undefined {
    const kind = containerKind(input);
    if (kind === "map") return "map";
    if (kind === "set" || isScalarClass(input) || isOpaque(input) || isStream(input)) return undefined;
    return knownForm(input, this.isSecretKey) === undefined ? "plain" : undefined;
  }

  /** Adds one entry to `target`: an attribute, unless another `depth` is given. */
  addEntry(target: MutableMap, key: string, value: unknown, depth = 2): void {
    this.put(target, key, value, depth);
  }

  /** Any value. What `toJSON` returned is not asked for its own `toJSON`. */
  override value(input: unknown, key: string, depth: number, honourToJson = true): Value | undefined {
    if (typeof input !== "object") return this.scalar(input);
    return input === null ? null : this.#object(input, key, depth, honourToJson);
  }

  #object(input: object, key: string, depth: number, honourToJson: boolean): Value | undefined {
    try {
      if (input instanceof ByWalk) return this.value(input.value, key, depth);
      const part = input instanceof ErrorPart ? input : undefined;
      if (this.#ancestors.includes(part === undefined ? input : part.thrown)) {
        this.note("circular");
        return "[Circular]";
      }
      if (part !== undefined) {
        const { thrown, kind } = part;
        return kind === "members" || hasMessage(thrown)
          ? this.#container(thrown, depth, kind)
          : this.thrown(thrown, depth);
      }
      if (Array.isArray(input)) return this.#container(input, depth, "list", key);
      const plain = isPlain(input);
      if (!plain) {
        // Classes with a form of their own come before `toJSON`, which some of them have.
        const kind = containerKind(input);
        if (kind !== undefined) return this.#container(input, depth, kind === "error" ? "whole" : kind);
        const scalar = scalarForm(input, this.budget);
        if (scalar === null) this.note("invalid_date");
        if (scalar !== undefined) return this.value(scalar, "", depth, false);
        const form = knownForm(input, this.isSecretKey);
        if (form !== undefined) return this.value(form, "", depth, false);
        if (isStream(input)) return this.#opaque(input);
      }
      if (honourToJson) {
        const { toJSON } = input as { toJSON?: unknown };
        if (typeof toJSON === "function") return this.#converted(input, toJSON as ToJson, key, depth);
      }
      return plain || !isOpaque(input) ? this.#container(input, depth, "plain") : this.#opaque(input);
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

  /** Nothing becomes empty in silence. */
  #opaque(input: object): Value {
    this.note("unsupported_type");
    return this.text(classText(input));
  }

  #container(input: unknown, depth: number, kind: ContainerKind, key = ""): Value {
    if (depth > MAX_DEPTH) {
      this.note("max_depth");
      return "[MaxDepth]";
    }
    const height = this.#ancestors.length;
    const steps = this.path.length;
    this.#ancestors.push(input);
    try {
      return this.#contents(input, depth + 1, kind, key);
    } finally {
      this.#ancestors.length = height;
      this.path.length = steps;
    }
  }

  #contents(input: unknown, depth: number, kind: ContainerKind, key: string): Value {
    if (kind === "list") return this.#list(input as readonly unknown[], depth, key);
    if (kind === "members") return this.#list(input as readonly unknown[], depth, key, true);
    if (kind === "set") {
      const list = this.#set(input as object, depth);
      return list.length === 0 && sizeOf(input as object) > 0 ? this.#opaque(input as object) : list;
    }
    const map: MutableMap = {};
    if (kind === "plain" || kind === "map") this.#entries(map, input as object, depth, kind);
    else this.addError(map, input as object, depth, kind);
    if (kind === "map" && Object.keys(map).length === 0 && sizeOf(input as object) > 0) {
      return this.#opaque(input as object);
    }
    return Object.freeze(map);
  }

  /** Items without a value are `null`, so that positions stay. */
  #list(input: readonly unknown[], depth: number, key: string, areThrown = false): readonly Value[] {
    const { redactor } = this;
    const list: Value[] = [];
    const length = listLength(input);
    const isPaired = redactor?.isPaired(length, key) === true;
    const hasItemPaths = redactor?.hasItemPaths === true;
    let item: unknown;
    for (let index = 0; index < length && !this.isListFull(list, length - index); index++) {
      const isNamed = isPaired && index % 2 === 1 && redactor.namesSecret(item);
      if (isNamed || (hasItemPaths && redactor.isSecretAt(this.path, String(index)))) {
        item = undefined;
        list.push(MASKED_PLACEHOLDER);
        continue;
      }
      item = this.get(input, String(index));
      list.push(this.#item(areThrown ? new ErrorPart(item, "whole") : item, index, depth));
    }
    return Object.freeze(list);
  }

  #set(input: object, depth: number): readonly Value[] {
    const list: Value[] = [];
    const size = sizeOf(input);
    for (const item of itemsOf(input)) {
      if (this.isListFull(list, size - list.length)) break;
      list.push(this.#item(item, list.length, depth));
    }
    return Object.freeze(list);
  }

  #item(item: unknown, index: number, depth: number): Value {
    const key = String(index);
    this.path.push(key);
    const value = this.value(item, key, depth);
    this.path.pop();
    return value ?? null;
  }

  #entries(target: MutableMap, input: object, depth: number, kind: "plain" | "map"): void {
    if (kind === "plain") {
      const keys = Object.keys(input);
      for (let at = 0; at < keys.length && !this.isFull(target, keys.length - at); at++) {
        this.read(target, keys[at] as string, input, depth);
      }
      return;
    }
    let left = sizeOf(input);
    for (const entry of entriesOf(input)) {
      if (this.isFull(target, left)) return;
      left -= 1;
      const key = keyText(entry[0], this.budget);
      if (key !== undefined) this.put(target, key, entry[1], depth, this.#isNamedSecret(key, input));
      else {
        this.note("truncated");
        setMember(target, UNREADABLE, MASKED_PLACEHOLDER); // it may be secret
      }
    }
  }

  /** Whether a Map has a name that makes a secret of what it has under a key. */
  #isNamedSecret(key: string, map: object): boolean {
    if (this.redactor?.ruleOf(key).isValue !== true) return false;
    const members = new Map<string, unknown>();
    for (const [name, value] of entriesOf(map)) {
      if (members.size > MAX_PAIR) return false; // what has so many members is no pair
      if (typeof name === "string") members.set(name, value);
    }
    return this.namesSecret(members.keys(), (name) => members.get(name));
  }
}

/** A value that only the walk knows how to read, whatever it is. */
export class ByWalk {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}
