import type { CoercionReport, InstrumentationScope, Redactor } from "@dagstack/logger-core";
import type { SinkPort } from "../sinks/index.ts";
import type { Configuration } from "./configuration.ts";
import type { LoggerNode } from "./logger-node.ts";
import type { Registry } from "./registry.ts";

/** What all handles made from one `Logger.get` have in common. */
export interface Identity {
  readonly registry: Registry;
  readonly node: LoggerNode;
  readonly scope: InstrumentationScope;
  readonly report: CoercionReport;
}

/** Where a handle's records go under the configuration of the moment. */
export interface Route {
  readonly configuration: Configuration;
  readonly redactor: Redactor;
  readonly configured: readonly SinkPort[];
  /** Sinks that a scope brought: they receive their records even under a test capture. */
  readonly scoped: readonly SinkPort[];
  /** Both. */
  readonly ports: readonly SinkPort[];
}
