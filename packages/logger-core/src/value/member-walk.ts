import { MASKED_PLACEHOLDER } from "../generated/secret-suffixes.ts";
import type { Redactor } from "../redaction/index.ts";
import { type CoercionReport, UNREADABLE } from "./coercion.ts";
import {
  type ErrorPartKind,
  errorMembers,
  errorMessage,
  errorType,
  hasMessage,
  isTold,
  ownMembers,
  stackOf,
} from "./error-parts.ts";
import { type MutableMap, setMember } from "./plain-map.ts";
import { ScalarWalk } from "./scalar-walk.ts";
import type { Value } from "./value.ts";
import { valueText } from "./value-text.ts";
import { TRUNCATION_MARK, type WalkBudget } from "./walk-budget.ts";

/** Names of own members under which an error's type and stack stand. */
const TAKEN = new Set(["type", "stacktrace"]);

/** What of a walk concerns members: whether they may be read, reading them, and those that errors have. */
export abstract class MemberWalk extends ScalarWalk {
  readonly #redactor: Redactor | null;
  /** Attributes, and those that win over them. */
  #layer: MutableMap | undefined;
  #stronger: readonly MutableMap[] = [];

  constructor(redactor: Redactor | null, report: CoercionReport, budget: WalkBudget, path: string[]) {
    super(report, budget, path);
    this.#redactor = redactor;
  }

  /**
   * One value, whose key is the last of the path. `undefined` means that it has no form: leave it out.
   *
   * @param depth of the value, should it be a container.
   */
  abstract value(input: unknown, key: string, depth: number): Value | undefined;

  /** What is added to this map from now on are attributes: those that one of the `stronger` has are not looked at. */
  beginLayer(layer: MutableMap, stronger: readonly MutableMap[]): void {
    this.#layer = layer;
    this.#stronger = stronger;
  }

  #isOverridden(target: MutableMap, key: string): boolean {
    return target === this.#layer && this.#stronger.some((layer) => Object.hasOwn(layer, key));
  }

  /** Whether no more entries could fit; then `left` of them are left out. */
  protected isFull(target: MutableMap, left: number): boolean {
    if (this.budget.takeValue()) return false;
    target[TRUNCATION_MARK] = this.budget.leaveOut(left);
    return true;
  }

  protected isListFull(list: Value[], left: number): boolean {
    if (this.budget.takeValue()) return false;
    this.budget.leaveOut(left);
    list.push(TRUNCATION_MARK);
    return true;
  }

  /** Reads one member; what throws is unreadable. */
  protected get(holder: object, key: string): unknown {
    try {
      return (holder as Record<string, unknown>)[key];
    } catch (error) {
      this.#noteMember(key, error);
      return UNREADABLE;
    }
  }

  #isSecret(key: string): boolean {
    return this.#redactor?.isSecret(key) === true;
  }

  #noteMember(key: string, error: unknown): void {
    this.path.push(key);
    this.note("unreadable", error);
    this.path.pop();
  }

  /** Reads one member and adds it, unless its key is secret: then it is not read. */
  protected read(target: MutableMap, rawKey: string, holder: object, depth: number, shown: string = rawKey): void {
    if (this.#isSecret(rawKey)) setMember(target, this.key(shown), MASKED_PLACEHOLDER);
    else {
      const key = this.key(shown);
      if (!this.#isOverridden(target, key)) this.#store(target, key, this.get(holder, rawKey), depth);
    }
  }

  protected put(target: MutableMap, rawKey: string, input: unknown, depth: number): void {
    if (this.#isSecret(rawKey)) setMember(target, this.key(rawKey), MASKED_PLACEHOLDER);
    else {
      const key = this.key(rawKey);
      if (!this.#isOverridden(target, key)) this.#store(target, key, input, depth);
    }
  }

  #store(target: MutableMap, key: string, input: unknown, depth: number): void {
    // What most values are needs no path.
    if (typeof input === "boolean") {
      setMember(target, key, input);
      return;
    }
    this.path.push(key);
    const value = this.value(input, key, depth);
    this.path.pop();
    if (value !== undefined) setMember(target, key, value);
  }

  /** What tells of something that was thrown: its message as a value, or else the text of the whole (§3.2). */
  message(thrown: unknown, depth: number): Value {
    const whole = !hasMessage(thrown);
    if (whole && (typeof thrown === "function" || thrown === undefined)) return typeof thrown;
    this.path.push("message");
    try {
      const told = whole ? thrown : thrown.message;
      const value = this.value(typeof told === "symbol" ? String(told) : told, "message", depth);
      if (whole) return valueText(value ?? null);
      return value === undefined ? "" : value;
    } catch (error) {
      this.note("unreadable", error);
      return UNREADABLE;
    } finally {
      this.path.pop();
    }
  }

  /** Something that was thrown and has no message. */
  protected thrown(thrown: unknown, depth: number): Value {
    return Object.freeze({ type: this.text(errorType(thrown)), message: this.message(thrown, depth + 1) });
  }

  /** Of an error: type, message, stack, own members such as `code`, and what led to it or is part of it. */
  protected addError(target: MutableMap, error: object, depth: number, kind: ErrorPartKind): void {
    this.budget.takeError();
    if (kind !== "own") {
      this.put(target, "type", errorType(error), depth);
      this.#putMessage(target, error, depth);
      this.put(target, "stacktrace", this.#stack(error), depth);
    }
    const own = this.#ownMembers(error);
    for (let at = 0; at < own.length; at++) {
      const name = own[at] as string;
      if (isTold(name)) continue;
      if (this.isFull(target, own.length - at)) return;
      this.read(target, name, error, depth, kind !== "own" && TAKEN.has(name) ? `own.${name}` : name);
    }
    if (kind === "whole") this.read(target, "cause", error, depth);
    if (kind !== "own" || errorMembers(error) === "own") this.read(target, "errors", error, depth);
  }

  #putMessage(target: MutableMap, error: object, depth: number): void {
    const text = errorMessage(error);
    if (text !== undefined) this.put(target, "message", text, depth);
    else setMember(target, "message", this.#isSecret("message") ? MASKED_PLACEHOLDER : this.message(error, depth));
  }

  #stack(error: object): unknown {
    try {
      return stackOf(error);
    } catch (problem) {
      this.#noteMember("stacktrace", problem);
      return undefined;
    }
  }

  #ownMembers(error: object): readonly string[] {
    try {
      return ownMembers(error);
    } catch (problem) {
      this.note("unreadable", problem);
      return [];
    }
  }
}
