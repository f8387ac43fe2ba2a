/** What a scope changes (§6.1). */
import {
  ConfigError,
  type ConfigIssue,
  createRedactor,
  type Level,
  OptionsCheck,
  type RedactionConfig,
  Redactor,
  redactionIssues,
  type Sink,
} from "@dagstack/logger-core";
import type { Registry } from "./registry.ts";
import { checkedSinks } from "./sink-list.ts";
import type { SinkPort } from "./sink-port.ts";

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
  readonly sinks?: { readonly mode: "replace" | "append"; readonly ports: readonly SinkPort[] };
  readonly minSeverity?: number;
  readonly redaction?: Redactor;
}

/** @throws ConfigError listing every problem. */
export function planScope(registry: Registry, options: ScopeOptions, inherited: Redactor): ScopePlan {
  const issues: ConfigIssue[] = [];
  const check = new OptionsCheck("scoped", options, ["sinks", "appendSinks", "minSeverity", "redaction"], "", issues);
  const { sinks, appendSinks, redaction } = options;
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
  const path = sinks === undefined ? "appendSinks" : "sinks";
  const list = sinkListOf(sinks ?? appendSinks, path, issues);
  if (issues.length > 0) throw new ConfigError(issues, "scoped");
  return {
    ...(list === undefined
      ? {}
      : { sinks: { mode: sinks === undefined ? "append" : "replace", ports: list.map((sink) => registry.ports.ofScoped(sink)) } }),
    ...(minSeverity === undefined ? {} : { minSeverity }),
    ...(redaction === undefined ? {} : { redaction: scopedRedactor(redaction, inherited) }),
  };
}

function sinkListOf(input: unknown, path: string, issues: ConfigIssue[]): readonly Sink[] | undefined {
  if (input === undefined) return undefined;
  try {
    return checkedSinks(input, path);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    issues.push(...error.issues);
    return undefined;
  }
}

function scopedRedactor(config: RedactionConfig, inherited: Redactor): Redactor {
  const own = createRedactor(config);
  if (config.replaceDefaults === true) return own;
  return new Redactor([...new Set([...inherited.suffixes, ...own.suffixes])], inherited.masksBodies || own.masksBodies);
}
