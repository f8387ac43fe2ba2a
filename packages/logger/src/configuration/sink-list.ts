/** Checking lists of sinks (§7.1, D-72). */
import { ConfigError, type ConfigIssue, describeValue, missingSinkMembers, type Sink } from "@dagstack/logger-core";
import { sinkId } from "../sinks/index.ts";
import { typeMismatch } from "./type-mismatch.ts";

/** A list of sinks; `known` are the sinks that a string may name. */
export function sinkList(issues: ConfigIssue[], input: unknown, path: string, known: readonly Sink[]): readonly Sink[] {
  if (!Array.isArray(input)) {
    issues.push(typeMismatch(path, input, "a list of sinks, [] for none"));
    return [];
  }
  const sinks: Sink[] = [];
  input.forEach((item: unknown, index) => {
    const at = `${path}[${index}]`;
    const sink = typeof item === "string" ? known.find((candidate) => sinkId(candidate) === item) : item;
    const issue = sinkIssue(at, item, sink, known) ?? duplicateIssue(at, sink as Sink, sinks);
    if (issue === undefined) sinks.push(sink as Sink);
    else issues.push(issue);
  });
  return Object.freeze(sinks);
}

function sinkIssue(path: string, item: unknown, sink: unknown, known: readonly Sink[]): ConfigIssue | undefined {
  if (typeof item === "string" && sink === undefined) {
    const ids = known.map((candidate) => JSON.stringify(sinkId(candidate))).join(", ");
    return {
      path,
      reason: "out_of_range",
      received: describeValue(item),
      allowed:
        ids === ""
          ? "a sink object (there are no root sinks to name)"
          : `a sink object or the id of a root sink: ${ids}`,
    };
  }
  const missing = missingSinkMembers(sink);
  if (missing.length === 0) return undefined;
  return {
    path,
    reason: "type_mismatch",
    received: `${describeValue(item)} without ${missing.join(", ")}`,
    allowed: "an object with id (a non-empty string), emit, flush, close and supportsSeverity (functions)",
    fix: "pass a sink such as new ConsoleSink()",
  };
}

function duplicateIssue(path: string, sink: Sink, earlier: readonly Sink[]): ConfigIssue | undefined {
  if (!earlier.some((other) => sinkId(other) === sinkId(sink))) return undefined;
  return {
    path,
    reason: "duplicate",
    received: `a second sink with the id ${describeValue(sinkId(sink))}`,
    allowed: "ids that are unique within one configuration",
    fix: "give one of them another id option",
  };
}

/** Two different sinks must not share an id, wherever in the configuration they stand (D-72). */
export function refuseSharedIds(
  issues: ConfigIssue[],
  rootSinks: readonly Sink[],
  loggers: Iterable<{ readonly path: string; readonly sinks?: readonly Sink[] }>,
): void {
  const byId = new Map(rootSinks.map((sink) => [sinkId(sink), sink]));
  for (const { path, sinks } of loggers) {
    sinks?.forEach((sink, index) => {
      const other = byId.get(sinkId(sink));
      if (other !== undefined && other !== sink)
        issues.push(duplicateIssue(`${path}[${index}]`, sink, [other]) as ConfigIssue);
      byId.set(sinkId(sink), sink);
    });
  }
}

/**
 * The sinks of a scope.
 *
 * @throws ConfigError when something is no sink or an id stands twice.
 */
export function checkedSinks(input: unknown, path: string): readonly Sink[] {
  const issues: ConfigIssue[] = [];
  const sinks = sinkList(issues, input, path, []);
  if (issues.length > 0) throw new ConfigError(issues);
  return sinks;
}
