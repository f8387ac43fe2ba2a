import { type Attributes, buildAttributes, type CoercionReport, type Redactor } from "@dagstack/logger-core";

/**
 * The attributes bound to a handle by `with()`, outer ones included (§3.3). They are copied, normalised and redacted
 * when they are bound, so later changes to the caller's objects do not show. The caller's object is kept only to be
 * read again should the redaction setting change.
 */
export class BoundAttributes {
  readonly #outer: BoundAttributes | null;
  readonly #source: unknown;
  #redactor: Redactor;
  #values: Attributes;

  constructor(outer: BoundAttributes | null, source: unknown, redactor: Redactor, report: CoercionReport) {
    this.#outer = outer;
    this.#source = source;
    this.#redactor = redactor;
    this.#values = this.#build(redactor, report);
  }

  /** The merged values under a redaction setting. */
  values(redactor: Redactor, report: CoercionReport): Attributes {
    if (redactor !== this.#redactor) {
      this.#values = this.#build(redactor, report);
      this.#redactor = redactor;
    }
    return this.#values;
  }

  #build(redactor: Redactor, report: CoercionReport): Attributes {
    const own = buildAttributes([this.#source], redactor, report);
    return this.#outer === null ? own : mergeAttributes(this.#outer.values(redactor, report), own);
  }
}

function mergeAttributes(weaker: Attributes, stronger: Attributes): Attributes {
  // Spread defines own properties, so a key called __proto__ stays data.
  return Object.freeze({ ...weaker, ...stronger });
}
