import { describeError } from "@dagstack/logger-core";
import type { Emitter } from "./emit.ts";
import { BAGGAGE_ALIASES } from "./generated/baggage-keys.ts";
import { type TraceContext, validTraceContext } from "./opentelemetry-context.ts";
import type { Configuration } from "./registry.ts";

/** Where a handle takes trace and baggage from (§3.4). */
export type ContextSource =
  | { readonly kind: "ambient" }
  /** Handles made from it fall back to what it hides (D-28). */
  | { readonly kind: "none"; readonly hidden: ContextSource }
  | { readonly kind: "explicit"; readonly context: unknown };

/** What a context adds to a record. */
export interface Ambience {
  readonly trace?: TraceContext | undefined;
  readonly baggage?: Readonly<Record<string, string>> | undefined;
}

const NOTHING: Ambience = {};

/** The trace and baggage for a record of a handle. A reader that throws is reported; then there are none. */
export function readContext(emitter: Emitter, configuration: Configuration): Ambience {
  const source = emitter.contextSource;
  if (source.kind === "none" || (source.kind === "ambient" && !configuration.autoInjectTraceContext)) return NOTHING;
  const { contextReader, baggageKeys } = configuration;
  try {
    const context = source.kind === "explicit" ? source.context : contextReader.active();
    if (context === undefined || context === null) return NOTHING;
    let baggage: Record<string, string> | undefined;
    for (const key of baggageKeys) {
      const alias = BAGGAGE_ALIASES.get(key);
      const value =
        contextReader.baggage(context, key) ??
        (alias === undefined ? undefined : contextReader.baggage(context, alias));
      if (typeof value !== "string") continue;
      baggage ??= {};
      baggage[key] = value;
    }
    return { trace: validTraceContext(contextReader.span(context)), baggage };
  } catch (error) {
    emitter.identity.report("unreadable", "trace context", describeError(error).type);
    return NOTHING;
  }
}
