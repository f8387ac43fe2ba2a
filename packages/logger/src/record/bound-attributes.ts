import { type Attributes, buildAttributes, type CoercionReport, type Redactor } from "@dagstack/logger-core";
import { BoundLayer } from "@dagstack/logger-core/wire";

/**
 * The attributes bound to a handle by `with()`, outer ones included (§3.3). They are copied, normalised and redacted
 * when they are bound; the caller's objects are not looked at again. Under another redaction setting the copy is masked
 * anew: more may be masked then, but what was masked when it was bound stays so, since it was never read (§1.4).
 */
export class BoundAttributes {
  readonly #bound: Attributes;
  readonly #boundUnder: Redactor;
  #layers: readonly [BoundLayer];
  #valuesUnder: Redactor;

  constructor(outer: BoundAttributes | null, source: unknown, redactor: Redactor, report: CoercionReport) {
    const own = buildAttributes([source], redactor, report);
    this.#bound = outer === null ? own : mergeAttributes(outer.layers(redactor)[0].attributes, own);
    this.#boundUnder = redactor;
    this.#layers = [new BoundLayer(this.#bound)];
    this.#valuesUnder = redactor;
  }

  /** The merged values under a redaction setting, alone in a list. */
  layers(redactor: Redactor): readonly [BoundLayer] {
    if (redactor !== this.#valuesUnder) {
      const values = redactor === this.#boundUnder ? this.#bound : buildAttributes([this.#bound], redactor.forBuilt);
      this.#layers = [new BoundLayer(values)];
      this.#valuesUnder = redactor;
    }
    return this.#layers;
  }
}

function mergeAttributes(weaker: Attributes, stronger: Attributes): Attributes {
  // Spread defines own properties, so a key called __proto__ stays data.
  return Object.freeze({ ...weaker, ...stronger });
}
