import { type Attributes, buildAttributes, type CoercionReport, type Redactor } from "@dagstack/logger-core";

/**
 * The attributes bound to a handle by `with()`, outer ones included (§3.3). They are copied, normalised and redacted
 * when they are bound; the caller's objects are not looked at again. Under another redaction setting the copy is masked
 * anew: more may be masked then, but what was masked when it was bound stays so, since it was never read (§1.4).
 */
export class BoundAttributes {
  readonly #bound: Attributes;
  readonly #boundUnder: Redactor;
  #layers: readonly [Attributes];
  #valuesUnder: Redactor;

  constructor(outer: BoundAttributes | null, source: unknown, redactor: Redactor, report: CoercionReport) {
    const own = buildAttributes([source], redactor, report);
    this.#bound = outer === null ? own : mergeAttributes(outer.layers(redactor)[0], own);
    this.#boundUnder = redactor;
    this.#layers = [this.#bound];
    this.#valuesUnder = redactor;
  }

  /** The merged values under a redaction setting, alone in a list. */
  layers(redactor: Redactor): readonly [Attributes] {
    if (redactor !== this.#valuesUnder) {
      this.#layers = [redactor === this.#boundUnder ? this.#bound : buildAttributes([this.#bound], redactor)];
      this.#valuesUnder = redactor;
    }
    return this.#layers;
  }
}

function mergeAttributes(weaker: Attributes, stronger: Attributes): Attributes {
  // Spread defines own properties, so a key called __proto__ stays data.
  return Object.freeze({ ...weaker, ...stronger });
}
