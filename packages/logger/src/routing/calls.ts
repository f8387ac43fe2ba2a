/** What a call is given that nothing becomes of: told once per logger, since nothing else would say so. */
import { type ContextSource, passedOn } from "../context/index.ts";
import type { RecordSource } from "../record/index.ts";
import { reportMalformed } from "../reporting/index.ts";

/** A third argument, as of those who know `%s` from elsewhere. */
export function reportUnused({ identity: { registry, node } }: RecordSource): void {
  reportMalformed(registry, node, "a third argument is not used: log.info(message, attributes)", "");
}

/** Options of a call that it does not have. */
export function reportUnknownOptions(
  { identity: { registry, node } }: RecordSource,
  options: unknown,
  known: string[],
): void {
  try {
    const unknown = Object.keys(options ?? {}).filter((name) => !known.includes(name));
    for (const name of unknown) reportMalformed(registry, node, "unknown option", name);
  } catch {
    // options that do not tell their names: those known are read one by one, and nothing is lost
  }
}

/** The context given to `withContext`; what the reader of contexts does not know is as good as none given. */
export function explicitContext({ identity, contextSource }: RecordSource, context: unknown): ContextSource {
  const { registry, node } = identity;
  const { contextReader } = registry.configuration;
  if (context === undefined || context === null || contextReader.isContext?.(context) !== false) {
    return { kind: "explicit", context };
  }
  reportMalformed(registry, node, "withContext() takes a context of OpenTelemetry; attributes are for with()", "");
  return passedOn(contextSource);
}
