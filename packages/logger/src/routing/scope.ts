/** What a scope changes (§6.1). */
import {
  ConfigError,
  type ConfigIssue,
  createRedactor,
  type Level,
  OptionsCheck,
  type RedactionConfig,
  type Redactor,
  redactionIssues,
  type Sink,
} from "@dagstack/logger-core";
import { sinkList } from "../configuration/index.ts";
import type { Registry } from "../registry/index.ts";
import { scopedPortOf } from "../reporting/index.ts";
import type { SinkPort } from "../sinks/index.ts";

/** Options of `Logger.scoped`. `sinks` and `appendSinks` exclude each other. */
export interface ScopeOptions {
  /** Write to these instead of the inherited sinks; `[]` means nowhere. */
  readonly sinks?: readonly Sink[] | undefined;
  /** Write to these as well. */
  readonly appendSinks?: readonly Sink[] | undefined;
  /** Level of the handle. */
  readonly minSeverity?: Level | undefined;
  /** Redaction of the handle: adds to what is inherited, unless `replaceDefaults`. */
  readonly redaction?: RedactionConfig | undefined;
}

/** A checked scope. */
export interface ScopePlan {
  readonly sinks?: { readonly mode: "replace" | "append"; readonly ports: readonly SinkPort[] } | undefined;
  readonly minSeverity?: number | undefined;
  readonly redaction?: ScopeRedaction | undefined;
}

/** The redaction of a scope, laid over whatever is inherited at the time. */
export class ScopeRedaction {
  readonly #own: Redactor;
  readonly #replaces: boolean;
  #inherited: Redactor | undefined;
  #merged: Redactor;

  constructor(config: RedactionConfig) {
    this.#own = createRedactor(config);
    this.#replaces = config.replaceDefaults === true;
    this.#merged = this.#own;
  }

  /** The same redactor as long as `inherited` is the same. */
  over(inherited: Redactor): Redactor {
    if (this.#replaces || inherited === this.#inherited) return this.#merged;
    this.#merged = inherited.with(this.#own);
    this.#inherited = inherited;
    return this.#merged;
  }
}

/** @throws ConfigError listing every problem. */
export function planScope(registry: Registry, options: ScopeOptions): ScopePlan {
  const issues: ConfigIssue[] = [];
  const check = new OptionsCheck("scoped", options, ["sinks", "appendSinks", "minSeverity", "redaction"], "", issues);
  const sinks = check.get("sinks");
  const appendSinks = check.get("appendSinks");
  const redaction = check.get("redaction");
  if (sinks !== undefined && appendSinks !== undefined) {
    issues.push({
      path: "appendSinks",
      reason: "duplicate",
      received: "both sinks and appendSinks",
      allowed: "one of them",
      fix: "sinks replaces the inherited ones, appendSinks adds to them",
    });
  }
  const minSeverity = check.get("minSeverity") === undefined ? undefined : check.level("minSeverity");
  issues.push(...redactionIssues(redaction));
  const mode = sinks === undefined ? "append" : "replace";
  const input = sinks === undefined ? appendSinks : sinks;
  const list =
    input === undefined ? undefined : sinkList(issues, input, sinks === undefined ? "appendSinks" : "sinks", []);
  if (issues.length > 0) throw new ConfigError(issues, "scoped");
  return {
    sinks: list && { mode, ports: list.map((sink) => scopedPortOf(registry, sink)) },
    minSeverity,
    redaction: redaction === undefined ? undefined : new ScopeRedaction(redaction as RedactionConfig),
  };
}
