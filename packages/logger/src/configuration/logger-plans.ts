/** What a configuration says of single names (§9.2). */
import { type ConfigIssue, type Level, levelIssue, levelNumber, OptionsCheck, type Sink } from "@dagstack/logger-core";
import { nodeName } from "../registry/index.ts";
import { sinkList } from "./sink-list.ts";
import { isMapOfSettings, typeMismatch } from "./type-mismatch.ts";

/** A level, or a level and sinks, for one name (D-70). Sinks are sink objects or ids of root sinks. */
export type LoggerOptions = Level | { readonly level?: Level; readonly sinks?: readonly (Sink | string)[] };

/** The root may be configured beside `loggers` or in it, but not one thing in both places. */
export function refuseTwoRoots(check: OptionsCheck, loggers: ReadonlyMap<string, LoggerPlan>, levelKey: string): void {
  const root = loggers.get("");
  for (const [key, beside] of [
    ["level", levelKey],
    ["sinks", "sinks"],
  ] as const) {
    if (root?.[key] === undefined || check.get(beside) === undefined) continue;
    check.add({
      path: root.path,
      reason: "duplicate",
      received: `the root's ${key} a second time`,
      allowed: `the root's ${key} in one place`,
      fix: `remove it here or at ${beside}`,
    });
  }
}

type LoggerPlan = { readonly path: string; readonly level?: number; readonly sinks?: readonly Sink[] };

export function loggerPlans(
  issues: ConfigIssue[],
  input: unknown,
  path: string,
  rootSinks: readonly Sink[],
): Map<string, LoggerPlan> {
  const plans = new Map<string, LoggerPlan>();
  if (input === undefined) return plans;
  if (!isMapOfSettings(input)) {
    issues.push(typeMismatch(path, input, "a map from logger names to levels or { level, sinks }"));
    return plans;
  }
  for (const [name, setting] of Object.entries(input)) {
    const at = `${path}[${JSON.stringify(name)}]`;
    if (plans.has(nodeName(name))) {
      issues.push({
        path: at,
        reason: "duplicate",
        received: 'both "" and "root"',
        allowed: "one of them",
        fix: `remove ${at}`,
      });
      continue;
    }
    if (typeof setting !== "object" || setting === null) {
      const level = levelNumber(setting);
      if (level === undefined) issues.push(levelIssue(at, setting));
      else plans.set(nodeName(name), { path: at, level });
      continue;
    }
    const nested = new OptionsCheck("configure", setting, ["level", "sinks"], `${at}.`, issues);
    const sinks = nested.get("sinks");
    plans.set(nodeName(name), {
      path: `${at}.sinks`,
      ...(nested.get("level") === undefined ? {} : { level: nested.level("level") }),
      ...(sinks === undefined ? {} : { sinks: sinkList(issues, sinks, `${at}.sinks`, rootSinks) }),
    });
  }
  return plans;
}
