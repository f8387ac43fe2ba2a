import { bigintText } from "./bigint-text.ts";
import type { CoercionKind, CoercionReport } from "./coercion.ts";
import { errorType } from "./error-parts.ts";
import type { Value } from "./value.ts";
import type { WalkBudget } from "./walk-budget.ts";
import { isWellFormed, toWellFormed } from "./well-formed.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Digits of a bigint that are told one by one. */
const MAX_DIGITS = 1024;
/** A report is short, whatever it is about. */
const MAX_REPORTED_LENGTH = 256;

/** What of a walk concerns values that hold no others: how they look, what they take, and what is reported of them. */
export class ScalarWalk {
  protected readonly budget: WalkBudget;
  /** The keys on the way to the value. */
  protected readonly path: string[];
  readonly #report: CoercionReport;

  constructor(report: CoercionReport, budget: WalkBudget, path: string[]) {
    this.#report = report;
    this.budget = budget;
    this.path = path;
  }

  /** Reports what happened to what the path leads to. */
  note(kind: CoercionKind, error?: unknown): void {
    const type = error === undefined ? undefined : errorType(error).slice(0, MAX_REPORTED_LENGTH);
    this.#report(kind, this.path.join(".").slice(0, MAX_REPORTED_LENGTH), type);
  }

  /** Any value but an object. `undefined` means that it has no form: leave it out. */
  protected scalar(input: unknown): Value | undefined {
    switch (typeof input) {
      case "string":
        return this.text(input);
      case "number":
        if (Number.isFinite(input)) return input === 0 ? 0 : input;
        this.note("non_finite_number");
        return String(input);
      case "boolean":
        return input;
      case "bigint":
        if (input >= INT64_MIN && input <= INT64_MAX) return input;
        this.note("bigint_out_of_range");
        return this.text(bigintText(input, Math.min(MAX_DIGITS, this.budget.textLimit)));
      case "undefined":
        return undefined;
      default:
        this.note("unsupported_type");
        return undefined;
    }
  }

  protected text(whole: string): string {
    return this.wellFormed(this.budget.takeText(whole));
  }

  /** A key that has been judged. */
  protected key(whole: string): string {
    return this.wellFormed(this.budget.takeKey(whole));
  }

  protected wellFormed(text: string): string {
    if (isWellFormed(text)) return text;
    this.note("lone_surrogate");
    return toWellFormed(text);
  }
}
