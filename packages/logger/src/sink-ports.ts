import type { Sink } from "@dagstack/logger-core";
import type { SinkPort } from "./sink-port.ts";

const PRUNE_AT = 64;

/** The port of each sink, one per sink object, and the ports that only scopes brought. */
export class SinkPorts {
  readonly #make: (sink: Sink) => SinkPort;
  readonly #bySink = new WeakMap<Sink, SinkPort>();
  /** Weak, since a request may bring a sink of its own and forget it. */
  #scoped: WeakRef<SinkPort>[] = [];
  #pruneAt = PRUNE_AT;

  constructor(make: (sink: Sink) => SinkPort) {
    this.#make = make;
  }

  of(sink: Sink): SinkPort {
    let port = this.#bySink.get(sink);
    if (port === undefined) {
      port = this.#make(sink);
      this.#bySink.set(sink, port);
    }
    return port;
  }

  /** The port of a sink that a scope brought: process-wide flush and close find it as long as it is in use. */
  ofScoped(sink: Sink): SinkPort {
    const known = this.#bySink.has(sink);
    const port = this.of(sink);
    if (!known) this.#remember(port);
    return port;
  }

  /** Ports that scopes brought and that are still referenced. */
  scoped(): SinkPort[] {
    const ports: SinkPort[] = [];
    for (const reference of this.#scoped) {
      const port = reference.deref();
      if (port !== undefined) ports.push(port);
    }
    return ports;
  }

  forgetScoped(): void {
    this.#scoped = [];
  }

  #remember(port: SinkPort): void {
    this.#scoped.push(new WeakRef(port));
    if (this.#scoped.length < this.#pruneAt) return;
    this.#scoped = this.#scoped.filter((reference) => reference.deref() !== undefined);
    this.#pruneAt = Math.max(PRUNE_AT, this.#scoped.length * 2);
  }
}
