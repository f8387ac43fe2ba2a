import { type CoercionReport, describeError } from "@dagstack/logger-core";
import { BAGGAGE_ALIASES } from "../generated/baggage-keys.ts";
import { type ContextReader, type TraceContext, validTraceContext } from "./opentelemetry-context.ts";

/** Where a handle takes trace and baggage from (§3.4). */
export type ContextSource =
  | { readonly kind: "ambient" }
  /** Handles made from it fall back to what it hides (D-28). */
  | { readonly kind: "none"; readonly hidden: ContextSource }
  | { readonly kind: "explicit"; readonly context: unknown };

/** How a configuration wants contexts read. */
export interface ContextSettings {
  readonly autoInjectTraceContext: boolean;
  readonly baggageKeys: readonly string[];
  readonly contextReader: ContextReader;
}

/** Where the handles made from one take theirs from. */
export function passedOn(source: ContextSource): ContextSource {
  return source.kind === "none" ? source.hidden : source;
}

/** What a context adds to a record. */
export interface Ambience {
  readonly trace?: TraceContext | undefined;
  readonly baggage?: Readonly<Record<string, string>> | undefined;
}

const NOTHING: Ambience = {};

/** The trace and baggage for a record of a handle. A reader that throws is reported; then there are none. */
export function readContext(source: ContextSource, settings: ContextSettings, report: CoercionReport): Ambience {
  if (source.kind === "none" || (source.kind === "ambient" && !settings.autoInjectTraceContext)) return NOTHING;
  const { contextReader, baggageKeys } = settings;
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
    report("unreadable", "trace context", describeError(error).type);
    return NOTHING;
  }
}
