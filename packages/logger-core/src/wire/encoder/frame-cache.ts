import type { InstrumentationScope, Resource } from "../../record/index.ts";

/** What the records of one scope and one resource have in common. */
export interface Frame {
  readonly scope: InstrumentationScope;
  readonly resource: Resource | null;
}

/** The frames of the scopes that log: a scope's is made anew when the resource changes. */
export class FrameCache<F extends Frame> {
  readonly #create: (scope: InstrumentationScope, resource: Resource | null) => F;
  readonly #frames = new WeakMap<InstrumentationScope, F>();
  #last: F | undefined;

  constructor(create: (scope: InstrumentationScope, resource: Resource | null) => F) {
    this.#create = create;
  }

  of(scope: InstrumentationScope, resource: Resource | null): F {
    let frame = this.#last?.scope === scope ? this.#last : this.#frames.get(scope);
    if (frame === undefined || frame.resource !== resource) {
      frame = this.#create(scope, resource);
      this.#frames.set(scope, frame);
    }
    this.#last = frame;
    return frame;
  }
}
