import { KEEP, type KeyRule, LOOK, MASK, MASKED_PLACEHOLDER, NAME, type Redactor } from "../redaction/index.ts";
import { type CoercionReport, UNREADABLE } from "./coercion.ts";
import {
  type ErrorPartKind,
  errorMessage,
  errorsForm,
  errorType,
  hasMessage,
  isTold,
  ownMembers,
  stackOf,
} from "./error-parts.ts";
import { httpMemberForm, type IsSecret } from "./known-objects.ts";
import { type MutableMap, setMember } from "./plain-map.ts";
import { ScalarWalk } from "./scalar-walk.ts";
import type { Value } from "./value.ts";
import { valueText } from "./value-text.ts";
import { TRUNCATION_MARK, type WalkBudget } from "./walk-budget.ts";

/** Names of own members under which an error's type and stack stand. */
const TAKEN = new Set(["type", "stacktrace"]);
/** Where errors of HTTP clients keep what they were about. */
const HTTP_MEMBERS = new Set(["config", "request", "response", "options"]);

/** What of a walk concerns members: whether they may be read, reading them, and those that errors have. */
export abstract class MemberWalk extends ScalarWalk {
  protected readonly redactor: Redactor | null;
  protected readonly isSecretKey: IsSecret = (key) => this.redactor?.isSecret(key) === true;

  constructor(redactor: Redactor | null, report: CoercionReport, budget: WalkBudget, path: string[]) {
    super(report, budget, path);
    this.redactor = redactor;
  }

  /**
   * One value, whose key is the last of the path. `undefined` means that it has no form: leave it out.
   *
   * @param depth of the value, should it be a container.
   */
  abstract value(input: unknown, key: string, depth: number): Value | undefined;

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

  #noteMember(key: string, error: unknown): void {
    this.path.push(key);
    this.note("unreadable", error);
    this.path.pop();
  }

  /** Reads one member and adds it, unless it is secret: then it is not read. */
  protected read(target: MutableMap, rawKey: string, holder: object, depth: number, shown: string = rawKey): void {
    const rule = this.redactor?.ruleOf(rawKey);
    if (this.#isMasked(rule, rawKey, holder)) setMember(target, this.key(shown), MASKED_PLACEHOLDER);
    else this.#store(target, this.key(shown), this.#converted(rule, rawKey, this.get(holder, rawKey)), depth);
  }

  /** Adds a member that was read, by an entry of a Map or as part of something else. */
  protected put(target: MutableMap, rawKey: string, input: unknown, depth: number, isMasked = false): void {
    const rule = this.redactor?.ruleOf(rawKey);
    if (isMasked || this.#isMasked(rule, rawKey)) setMember(target, this.key(rawKey), MASKED_PLACEHOLDER);
    else this.#store(target, this.key(rawKey), this.#converted(rule, rawKey, input), depth);
  }

  /** Adds a member that was read and judged by whoever read it. */
  addJudged(target: MutableMap, rawKey: string, input: unknown, depth: number): void {
    this.#store(target, this.key(rawKey), input, depth);
  }

  #isMasked(rule: KeyRule | undefined, key: string, holder?: object): boolean {
    if (rule === undefined || rule.kind === KEEP) return false;
    if (rule.kind === MASK) return true;
    if (rule.onPath && this.redactor?.isSecretAt(this.path, key) === true) return true;
    return rule.isValue && holder !== undefined && this.namesSecret(Object.keys(holder), (name) => this.get(holder, name));
  }

  /** Whether a map says by one of its members that its value is a secret. */
  protected namesSecret(keys: Iterable<string>, get: (key: string) => unknown): boolean {
    const { redactor } = this;
    if (redactor === null) return false;
    for (const key of keys) if (redactor.ruleOf(key).kind === NAME && redactor.namesSecret(get(key))) return true;
    return false;
  }

  #converted(rule: KeyRule | undefined, key: string, value: unknown): unknown {
    return rule?.kind === LOOK ? this.converted(rule, key, value) : value;
  }

  /** What is logged in place of a value, by the rule of its key. */
  converted(rule: KeyRule, key: string, value: unknown): unknown {
    try {
      return this.redactor?.converted(value, this.path, key, rule);
    } catch (error) {
      this.#noteMember(key, error);
      return UNREADABLE;
    }
  }

  /** What looks like a secret is masked before anything is cut. */
  protected override text(whole: string): string {
    return super.text(this.redactor === null ? whole : this.redactor.text(whole));
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
      return whole ? valueText(value ?? null) : (value ?? "");
    } catch (error) {
      this.note("unreadable", error);
      return UNREADABLE;
    } finally {
      this.path.pop();
    }
  }

  /** Of something that was thrown: type, message, stack, own members such as `code`, and what led to it or is part of it. */
  protected addError(target: MutableMap, thrown: unknown, depth: number, kind: ErrorPartKind): void {
    this.budget.takeError();
    if (kind !== "own") {
      this.put(target, "type", errorType(thrown), depth);
      this.put(target, "message", errorMessage(thrown) ?? this.message(thrown, depth), depth);
      if (!hasMessage(thrown)) return;
      this.put(target, "stacktrace", this.#stack(thrown), depth);
    }
    const error = thrown as object;
    const own = this.#ownMembers(error);
    for (let at = 0; at < own.length; at++) {
      const name = own[at] as string;
      if (isTold(name)) continue;
      if (this.isFull(target, own.length - at)) return;
      if (HTTP_MEMBERS.has(name) && !this.isSecretKey(name)) this.put(target, name, this.#httpMember(error, name), depth);
      else this.read(target, name, error, depth, kind !== "own" && TAKEN.has(name) ? `own.${name}` : name);
    }
    if (kind === "whole") this.read(target, "cause", error, depth);
    if (kind !== "own" || errorsForm(error) === "own") this.read(target, "errors", error, depth);
  }

  #httpMember(error: object, name: string): unknown {
    const value = this.get(error, name);
    return httpMemberForm(value, this.isSecretKey) ?? value;
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
