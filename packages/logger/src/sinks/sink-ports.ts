import type { Sink } from "@dagstack/logger-core";
import { SinkPort, type SinkPortHost } from "./sink-port.ts";

const PRUNE_AT = 64;

/** The port of each sink, one per sink object. */
export class SinkPorts {
  readonly #bySink = new WeakMap<Sink, SinkPort>();
  /** Weak, since a request may bring a sink of its own and forget it. */
  #all: WeakRef<SinkPort>[] = [];
  #pruneAt = PRUNE_AT;
  /** Those that a scope brought before any configuration did. */
  #scoped = new WeakSet<SinkPort>();

  /** The port of a sink, made when it is first asked for. */
  of(sink: Sink, host: () => SinkPortHost): SinkPort {
    let port = this.#bySink.get(sink);
    if (port === undefined) {
      port = new SinkPort(sink, host());
      this.#bySink.set(sink, port);
      this.#remember(port);
      port.attach();
    }
    return port;
  }

  /** The port of a sink that a scope brought: process-wide flush and close find it as long as it is in use. */
  ofScoped(sink: Sink, host: () => SinkPortHost): SinkPort {
    const known = this.#bySink.has(sink);
    const port = this.of(sink, host);
    if (!known) this.#scoped.add(port);
    return port;
  }

  /** Ports that are still referenced. */
  all(): SinkPort[] {
    const ports: SinkPort[] = [];
    for (const reference of this.#all) {
      const port = reference.deref();
      if (port !== undefined) ports.push(port);
    }
    return ports;
  }

  /** Those that scopes brought. */
  scoped(): SinkPort[] {
    return this.all().filter((port) => this.#scoped.has(port));
  }

  forgetScoped(): void {
    this.#scoped = new WeakSet();
  }

  #remember(port: SinkPort): void {
    this.#all.push(new WeakRef(port));
    if (this.#all.length < this.#pruneAt) return;
    this.#all = this.#all.filter((reference) => reference.deref() !== undefined);
    this.#pruneAt = Math.max(PRUNE_AT, this.#all.length * 2);
  }
}
