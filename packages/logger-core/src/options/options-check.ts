import { describeValue } from "./describe-value.ts";
import { ConfigError, type ConfigIssue } from "./errors.ts";
import { levelIssue, levelNumber } from "./severity.ts";

/** Limits and default of a whole-number option. */
export interface IntegerRange {
  readonly min: number;
  readonly max?: number;
  readonly default: number;
  /** Named in the message, such as `bytes`. */
  readonly unit?: string;
}

/**
 * Reads the options of a sink (or of anything else that is configured) and collects every problem, so that one
 * `ConfigError` can list them all. A method answers the default when the option is absent or wrong; call `finish`
 * before using what was read.
 */
export class OptionsCheck {
  readonly #where: string;
  readonly #prefix: string;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #issues: ConfigIssue[];

  /**
   * @param where what is configured, for the message, such as `FileSink`.
   * @param options the options as they came; anything but a plain map (or `undefined`) is a problem itself.
   * @param allowed the names of all options: others are refused (D-69).
   */
  constructor(where: string, options: unknown, allowed: readonly string[], prefix = "", issues: ConfigIssue[] = []) {
    this.#where = where;
    this.#prefix = prefix;
    this.#issues = issues;
    if (options !== undefined && (typeof options !== "object" || options === null || Array.isArray(options))) {
      const path = prefix === "" ? "options" : prefix.slice(0, -1);
      this.add({
        path,
        reason: "type_mismatch",
        received: describeValue(options),
        allowed: `a map of ${allowed.join(", ")}`,
      });
      this.#options = {};
      return;
    }
    this.#options = (options ?? {}) as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(this.#options)) {
      if (allowed.includes(key)) continue;
      this.add({
        path: `${prefix}${key}`,
        reason: "unknown_key",
        received: "an option that does not exist",
        allowed: allowed.join(", "),
        fix: `remove it${suggestion(key, allowed)}`,
      });
    }
  }

  /** The raw option, for checks that this class does not offer. */
  get(name: string): unknown {
    return this.#options[name];
  }

  /** Adds a problem found by the caller. */
  add(issue: ConfigIssue): void {
    this.#issues.push(issue);
  }

  /** The path of an option, for `add`. */
  path(name: string): string {
    return `${this.#prefix}${name}`;
  }

  integer(name: string, range: IntegerRange): number {
    const value = this.get(name);
    if (value === undefined) return range.default;
    const max = range.max ?? Number.MAX_SAFE_INTEGER;
    if (typeof value === "number" && Number.isInteger(value) && value >= range.min && value <= max) return value;
    const unit = range.unit === undefined ? "" : ` of ${range.unit}`;
    const limits = range.max === undefined ? `of at least ${range.min}` : `from ${range.min} to ${max}`;
    this.#refuse(name, "number", `a whole number${unit} ${limits}`, range.default);
    return range.default;
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.get(name);
    if (value === undefined || typeof value === "boolean") return value ?? fallback;
    this.#refuse(name, "boolean", "true or false");
    return fallback;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.get(name);
    if (value === undefined) return fallback;
    if (allowed.includes(value as T)) return value as T;
    this.#refuse(name, "string", allowed.map((item) => JSON.stringify(item)).join(", "), fallback);
    return fallback;
  }

  /** A non-empty string, or the fallback. */
  text(name: string, fallback: string): string {
    const value = this.get(name);
    if (value === undefined) return fallback;
    if (typeof value === "string" && value !== "") return value;
    this.#refuse(name, "string", "a non-empty string");
    return fallback;
  }

  /** A level name or number; without one, 1: everything (§9.1). */
  level(name: string, fallback = 1): number {
    const value = this.get(name);
    if (value === undefined) return fallback;
    const level = levelNumber(value);
    if (level === undefined) this.add(levelIssue(this.path(name), value));
    return level ?? fallback;
  }

  /** A nested map of options, whose problems are collected here. */
  nested(name: string, allowed: readonly string[]): OptionsCheck {
    return new OptionsCheck(this.#where, this.get(name), allowed, `${this.#prefix}${name}.`, this.#issues);
  }

  /** @throws ConfigError listing every problem, if there is one. */
  finish(): void {
    if (this.#issues.length > 0) throw new ConfigError(this.#issues, this.#where);
  }

  /** @param type what the option should be, by `typeof`: a value that is gets another reason than one that is not. */
  #refuse(name: string, type: "number" | "boolean" | "string", allowed: string, fallback?: number | string): void {
    const value = this.get(name);
    this.add({
      path: this.path(name),
      reason: typeof value === type ? "out_of_range" : "type_mismatch",
      received: describeValue(value),
      allowed,
      ...(fallback === undefined ? {} : { fix: `leave it out for ${JSON.stringify(fallback)}` }),
    });
  }
}

function suggestion(key: string, allowed: readonly string[]): string {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const close = allowed.find((name) => plain(name) === plain(key) || plain(name).startsWith(plain(key)));
  return close === undefined || plain(key) === "" ? "" : ` or spell it ${close}`;
}
