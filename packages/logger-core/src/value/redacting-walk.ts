import { KEEP, type KeyRule, LOOK, MASK, type Redactor } from "../redaction/index.ts";
import { type CoercionReport, UNREADABLE } from "./coercion.ts";
import type { IsSecret } from "./known-objects.ts";
import { ScalarWalk } from "./scalar-walk.ts";
import type { Value } from "./value.ts";
import type { WalkBudget } from "./walk-budget.ts";

/** What of a walk concerns secrets: which members are masked, and what stands for others (§10). */
export class RedactingWalk extends ScalarWalk {
  /** `null` masks nothing. */
  protected readonly redactor: Redactor | null;
  protected readonly isSecretKey: IsSecret = (key) => this.redactor?.isSecret(key) === true;

  constructor(redactor: Redactor | null, report: CoercionReport, budget: WalkBudget, path: string[]) {
    super(report, budget, path);
    this.redactor = redactor;
  }

  /** Reads one member; what throws is unreadable. */
  protected get(holder: object, key: string): unknown {
    try {
      return (holder as Record<string, unknown>)[key];
    } catch (error) {
      this.noteMember(key, error);
      return UNREADABLE;
    }
  }

  protected noteMember(key: string, error: unknown): void {
    this.path.push(key);
    this.note("unreadable", error);
    this.path.pop();
  }

  protected ruleOf(key: string): KeyRule | undefined {
    return this.redactor?.ruleOf(key);
  }

  /**
   * Whether the value under a key is masked.
   *
   * @param holder the object whose member it is; others of its members may say so.
   */
  protected isMasked(rule: KeyRule | undefined, key: string, holder?: object): boolean {
    if (rule === undefined || rule.kind === KEEP) return false;
    if (rule.kind === MASK) return true;
    if (rule.onPath && this.redactor?.isSecretAt(this.path, key) === true) return true;
    return (
      rule.isValue && holder !== undefined && this.namesSecret(Object.keys(holder), (name) => this.get(holder, name))
    );
  }

  /** Whether a map says by one of its members that its value is a secret. */
  protected namesSecret(keys: Iterable<string>, get: (key: string) => unknown): boolean {
    const { redactor } = this;
    if (redactor === null) return false;
    for (const key of keys) if (redactor.ruleOf(key).isName && redactor.namesSecret(get(key))) return true;
    return false;
  }

  /** What is logged in place of a value, by the rule of its key. */
  converted(rule: KeyRule | undefined, key: string, value: unknown): unknown {
    if (rule?.kind !== LOOK || value === UNREADABLE) return value;
    try {
      return this.redactor?.converted(value, this.path, key, rule);
    } catch (error) {
      this.noteMember(key, error);
      return UNREADABLE;
    }
  }

  protected override scalar(input: unknown): Value | undefined {
    return super.scalar(this.redactor?.masksValues === true ? this.redactor.scalar(input) : input);
  }

  /** What looks like a secret is masked before anything is cut. */
  protected override text(whole: string): string {
    return super.text(this.redactor === null ? whole : this.redactor.text(whole));
  }
}
