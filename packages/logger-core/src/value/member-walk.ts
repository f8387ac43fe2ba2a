import { MASKED_PLACEHOLDER } from "../redaction/index.ts";
import { UNREADABLE } from "./coercion.ts";
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
import { httpMemberForm } from "./known-objects.ts";
import { type MutableMap, setMember } from "./plain-map.ts";
import { RedactingWalk } from "./redacting-walk.ts";
import type { Value } from "./value.ts";
import { valueText } from "./value-text.ts";
import { TRUNCATION_MARK } from "./walk-budget.ts";

/** Names of own members under which an error's type and stack stand. */
const TAKEN = new Set(["type", "stacktrace"]);
/** Where errors of HTTP clients keep what they were about. */
const HTTP_MEMBERS = new Set(["config", "request", "response", "options"]);

/** What of a walk concerns members: whether they may be read, reading them, and those that errors have. */
export abstract class MemberWalk extends RedactingWalk {
  /** Attributes, and those that win over them. */
  #layer: MutableMap | undefined;
  #stronger: readonly MutableMap[] = [];

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

  /** Reads one member and adds it, unless it is secret: then it is not read. */
  protected read(target: MutableMap, rawKey: string, holder: object, depth: number, shown: string = rawKey): void {
    const rule = this.ruleOf(rawKey);
    const isMasked = this.isMasked(rule, rawKey, holder);
    const key = this.key(shown);
    if (isMasked) setMember(target, key, MASKED_PLACEHOLDER);
    else if (!this.#isOverridden(target, key)) {
      this.#store(target, key, this.converted(rule, rawKey, this.get(holder, rawKey)), depth);
    }
  }

  /** Adds a member that was read: an entry of a Map, or part of something else. */
  protected put(target: MutableMap, rawKey: string, input: unknown, depth: number, isNamed = false): void {
    const rule = this.ruleOf(rawKey);
    const isMasked = isNamed || this.isMasked(rule, rawKey);
    const key = this.key(rawKey);
    if (isMasked) setMember(target, key, MASKED_PLACEHOLDER);
    else if (!this.#isOverridden(target, key)) this.#store(target, key, this.converted(rule, rawKey, input), depth);
  }

  /** Adds a member that was read and judged by whoever read it. */
  addJudged(target: MutableMap, rawKey: string, input: unknown, depth: number): void {
    this.#store(target, this.key(rawKey), input, depth);
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
      if (HTTP_MEMBERS.has(name) && !this.isSecretKey(name))
        this.put(target, name, this.#httpMember(error, name), depth);
      else this.read(target, name, error, depth, kind !== "own" && TAKEN.has(name) ? `own.${name}` : name);
    }
    if (kind === "whole") this.read(target, "cause", error, depth);
    if (kind !== "own" || errorMembers(error) === "own") this.read(target, "errors", error, depth);
  }

  #putMessage(target: MutableMap, error: object, depth: number): void {
    const text = errorMessage(error);
    if (text !== undefined) this.put(target, "message", text, depth);
    else setMember(target, "message", this.isSecretKey("message") ? MASKED_PLACEHOLDER : this.message(error, depth));
  }

  #httpMember(error: object, name: string): unknown {
    const value = this.get(error, name);
    return httpMemberForm(value, this.isSecretKey) ?? value;
  }

  #stack(error: object): unknown {
    try {
      return stackOf(error);
    } catch (problem) {
      this.noteMember("stacktrace", problem);
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
