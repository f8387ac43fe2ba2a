import type { Sink } from "@dagstack/logger-core";
import type { Route } from "./emit.ts";
import { installExitHooks } from "./exit-hooks.ts";
import type { LoggerNode } from "./logger-node.ts";
import type { Registry } from "./registry.ts";
import type { ScopePlan } from "./scope.ts";
import type { SinkPort } from "./sink-port.ts";

/**
 * The place of one handle among the others: which level and sinks hold for it (§3.1, §6.1). A handle made by
 * `Logger.get` asks its name; a derived one asks the handle it was made from. The answer is kept until the registry's
 * epoch says that something changed.
 */
export class Routing {
  readonly #registry: Registry;
  readonly #node: LoggerNode;
  readonly #parent: Routing | null;
  readonly #scope: ScopePlan | null;
  #ownLevel: number | null;
  #ownSinks: readonly SinkPort[] | null = null;
  /** The rest is valid while this is the registry's. */
  #epoch = 0;
  #minimum = 0;
  #route: Route | undefined;

  constructor(registry: Registry, node: LoggerNode, parent: Routing | null, scope: ScopePlan | null) {
    this.#registry = registry;
    this.#node = node;
    this.#parent = parent;
    this.#scope = scope;
    this.#ownLevel = scope?.minSeverity ?? null;
  }

  /** The level test is one compare of the epoch here, and one of the severity by the caller. */
  get minimum(): number {
    if (this.#epoch !== this.#registry.epoch) this.#look();
    return this.#minimum;
  }

  get route(): Route {
    if (this.#epoch !== this.#registry.epoch || this.#route === undefined) this.#look();
    return this.#route as Route;
  }

  /** Every sink that records of this handle reach. */
  get ports(): SinkPort[] {
    const { configured, scoped } = this.route;
    return [...new Set([...configured, ...scoped])];
  }

  /** The sinks that were set on this very name or handle, or that its scope brought (D-49). */
  get ownedPorts(): readonly SinkPort[] {
    const named =
      this.#parent === null ? this.#node.sinks?.list.map((sink) => this.#registry.ports.of(sink)) : undefined;
    return named ?? this.#ownSinks ?? this.#scope?.sinks?.ports ?? [];
  }

  setLevel(severityNumber: number): void {
    if (this.#parent === null) this.#node.level = { severityNumber, from: "setLevel" };
    else this.#ownLevel = severityNumber;
    this.#registry.touch();
  }

  /** @param list checked. The sinks replaced are left to their owners. */
  setSinks(list: readonly Sink[]): void {
    if (this.#parent === null) this.#node.sinks = { list, from: "setSinks" };
    else this.#ownSinks = list.map((sink) => this.#registry.ports.ofScoped(sink));
    this.#registry.noteSharedInternalSinks();
    this.#registry.touch();
  }

  /** Works out level and route anew, after something changed: outermost handle first, for chains may be long. */
  #look(): void {
    const stale: Routing[] = [];
    for (let at: Routing | null = this; at !== null && at.#epoch !== this.#registry.epoch; at = at.#parent) {
      stale.push(at);
    }
    for (let routing = stale.pop(); routing !== undefined; routing = stale.pop()) routing.#lookAtParent();
  }

  #lookAtParent(): void {
    const registry = this.#registry;
    const inherited = this.#parent === null ? this.#nodeRoute() : this.#parent.route;
    const { sinks, redaction } = this.#scope ?? {};
    let { configured, scoped } = inherited;
    if (sinks !== undefined) {
      // A sink that is there already is not written to twice.
      const others = (ports: readonly SinkPort[]) => ports.filter((port) => !sinks.ports.includes(port));
      configured = sinks.mode === "replace" ? [] : others(configured);
      scoped = sinks.mode === "replace" ? sinks.ports : [...others(scoped), ...sinks.ports];
    }
    if (this.#ownSinks !== null) {
      configured = this.#ownSinks;
      scoped = [];
    }
    const redactor = redaction?.over(inherited.redactor) ?? inherited.redactor;
    const inheritedLevel = this.#parent?.minimum ?? registry.level(this.#node.name).severityNumber;
    this.#minimum = this.#ownLevel ?? inheritedLevel;
    this.#route = { configuration: registry.configuration, redactor, configured, scoped };
    this.#epoch = registry.epoch;
    installExitHooks(registry);
  }

  #nodeRoute(): Route {
    const registry = this.#registry;
    const { configuration } = registry;
    const configured = registry.sinks(this.#node.name).list.map((sink) => registry.ports.of(sink));
    return { configuration, redactor: configuration.redactor, configured, scoped: [] };
  }
}
