import type { Sink } from "@dagstack/logger-core";
import { ownProcessEnd } from "../process/index.ts";
import {
  type LoggerNode,
  type Registry,
  type Route,
  sinksOf,
  type Threshold,
  thresholdOf,
  touch,
} from "../registry/index.ts";
import { portOf, reportSharedInternalSinks, reportSurroundings, scopedPortOf } from "../reporting/index.ts";
import type { SinkPort } from "../sinks/index.ts";
import type { ScopePlan } from "./scope.ts";

/** The threshold of a handle that has not asked for its own. */
export const ASK_FIRST: Threshold = Object.freeze({ minimum: 0 });

/**
 * The place of one handle among the others: which level and sinks hold for it (§3.1, §6.1). A handle made by
 * `Logger.get` asks its name; a derived one asks the handle it was made from. The route is kept until the registry's
 * epoch says that something changed, the level until its threshold does.
 */
export class Routing {
  readonly #registry: Registry;
  readonly #node: LoggerNode;
  readonly #parent: Routing | null;
  readonly #scope: ScopePlan | null;
  /** Shared with the handles made from this one, unless they have their own. */
  #ownThreshold: Threshold | null;
  #ownSinks: readonly SinkPort[] | null = null;
  /** The route is valid while this is the registry's. */
  #epoch = 0;
  #route: Route | undefined;

  constructor(registry: Registry, node: LoggerNode, parent: Routing | null, scope: ScopePlan | null) {
    this.#registry = registry;
    this.#node = node;
    this.#parent = parent;
    this.#scope = scope;
    this.#ownThreshold = scope?.minSeverity === undefined ? null : { minimum: scope.minSeverity };
    if (parent === null || scope !== null) return;
    this.#epoch = parent.#epoch;
    this.#route = parent.#route;
  }

  /** The place of a handle made from this one. */
  derive(scope: ScopePlan | null): Routing {
    return new Routing(this.#registry, this.#node, this, scope);
  }

  /** The level, until it becomes 0. */
  get threshold(): Threshold {
    return this.#levelHolder().#ownThreshold ?? thresholdOf(this.#registry, this.#node);
  }

  get route(): Route {
    if (this.#epoch !== this.#registry.epoch || this.#route === undefined) this.#look();
    return this.#route as Route;
  }

  /** Every sink that records of this handle reach. */
  get ports(): SinkPort[] {
    return [...new Set(this.route.ports)];
  }

  /** The sinks that were set on this very name or handle, or that its scope brought (D-49). */
  get ownedPorts(): readonly SinkPort[] {
    const named =
      this.#parent === null ? this.#node.sinks?.list.map((sink) => portOf(this.#registry, sink)) : undefined;
    return named ?? this.#ownSinks ?? this.#scope?.sinks?.ports ?? [];
  }

  setLevel(severityNumber: number): void {
    if (this.#parent === null) {
      this.#node.level = { severityNumber, from: "setLevel" };
    } else {
      const holder = this.#levelHolder();
      const shared = holder.#ownThreshold;
      this.#ownThreshold = { minimum: severityNumber };
      if (shared !== null) {
        // Those who share it ask anew: some of them have got another now.
        if (holder !== this) holder.#ownThreshold = { minimum: shared.minimum };
        shared.minimum = 0;
      }
    }
    touch(this.#registry);
  }

  /** The handle that this one has its level from, itself or the nearest around it that has one of its own. */
  #levelHolder(): Routing {
    let holder: Routing = this;
    while (holder.#ownThreshold === null && holder.#parent !== null) holder = holder.#parent;
    return holder;
  }

  /** @param list checked. The sinks replaced are left to their owners. */
  setSinks(list: readonly Sink[]): void {
    if (this.#parent === null) this.#node.sinks = { list, from: "setSinks" };
    else this.#ownSinks = list.map((sink) => scopedPortOf(this.#registry, sink));
    reportSharedInternalSinks(this.#registry);
    touch(this.#registry);
  }

  /** Works out the route anew, after something changed: outermost handle first, for chains may be long. */
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
    const { configuration } = registry;
    this.#route =
      this.#scope === null && this.#ownSinks === null
        ? inherited
        : { configuration, redactor, configured, scoped, ports: [...configured, ...scoped] };
    this.#epoch = registry.epoch;
    ownProcessEnd?.installExitHooks(registry);
    reportSurroundings(registry);
  }

  #nodeRoute(): Route {
    const registry = this.#registry;
    const { configuration } = registry;
    const configured = sinksOf(registry, this.#node.name).list.map((sink) => portOf(registry, sink));
    return { configuration, redactor: configuration.redactor, configured, scoped: [], ports: configured };
  }
}
