import { describeValue, OptionsCheck } from "@dagstack/logger-core";
import type { SinkSubject } from "../subject/index.ts";
import { SUITE_VERSION, sinkRules } from "./rules.ts";

const MEMBERS = ["name", "profile", "claims", "time", "module", "waivers", "create", "createAlone"] as const;
const CLAIMS = [
  "threshold",
  "buffered",
  "deliversWithinMs",
  "closeTimeoutMs",
  "overflow",
  "retries",
  "durableFlush",
  "lineLane",
] as const;
const OVERFLOW = ["strategies", "unit", "inFlight", "ring"] as const;
const STRATEGIES: readonly unknown[] = ["drop_oldest", "drop_newest", "block"];
const [SUITE_MAJOR] = SUITE_VERSION.split(".");

/**
 * Checks what an author wrote, so that a slip does not switch a rule off.
 *
 * @throws ConfigError listing every problem.
 */
export function checkSubject(subject: SinkSubject): void {
  const check = new OptionsCheck("subject", subject ?? null, MEMBERS);
  if (check.text("name", "") === "") check.add({ path: "name", reason: "missing", fix: "name the sink's package" });
  for (const name of ["create", "createAlone"] as const) {
    const value = check.get(name);
    if (typeof value === "function" || (name === "createAlone" && value === undefined)) continue;
    check.add({ path: name, reason: "type_mismatch", received: describeValue(value), allowed: "a function" });
  }
  check.oneOf("time", ["real", "manual"], "real");
  checkProfile(check);
  const moduleUrl = check.get("module");
  if (moduleUrl !== undefined && (typeof moduleUrl !== "string" || !URL.canParse(moduleUrl))) {
    check.add({
      path: "module",
      reason: "type_mismatch",
      received: describeValue(moduleUrl),
      allowed: "the URL of a module",
      fix: "write module: import.meta.url",
    });
  }
  checkClaims(check);
  checkWaivers(check);
  check.finish();
}

function checkProfile(check: OptionsCheck): void {
  const profile = check.get("profile");
  if (profile === undefined) return;
  if (typeof profile === "string" && /^\d+\.\d+$/.test(profile) && profile.split(".")[0] === SUITE_MAJOR) return;
  check.add({
    path: "profile",
    reason: "out_of_range",
    received: describeValue(profile),
    allowed: `a version of this suite's rules, such as "${SUITE_VERSION}"`,
    fix: "for another major version, install that version of the suite",
  });
}

function checkClaims(check: OptionsCheck): void {
  const claims = check.nested("claims", CLAIMS);
  for (const name of ["threshold", "buffered", "retries", "durableFlush", "lineLane"] as const)
    claims.boolean(name, false);
  claims.integer("deliversWithinMs", { min: 0, default: 2000, unit: "milliseconds" });
  claims.integer("closeTimeoutMs", { min: 0, default: 5000, unit: "milliseconds" });
  if (claims.get("overflow") === undefined) return;
  const overflow = claims.nested("overflow", OVERFLOW);
  overflow.oneOf("unit", ["records", "bytes"], "records");
  if (overflow.get("unit") === undefined) {
    overflow.add({ path: overflow.path("unit"), reason: "missing", allowed: '"records", "bytes"' });
  }
  overflow.integer("inFlight", { min: 0, default: 0, unit: "records" });
  overflow.boolean("ring", false);
  const strategies = overflow.get("strategies");
  if (Array.isArray(strategies) && strategies.length > 0 && strategies.every((item) => STRATEGIES.includes(item)))
    return;
  overflow.add({
    path: overflow.path("strategies"),
    reason: "validation_failed",
    received: describeValue(strategies),
    allowed: `a list of ${STRATEGIES.join(", ")}`,
  });
}

function checkWaivers(check: OptionsCheck): void {
  const waivers = check.nested(
    "waivers",
    sinkRules.map(({ id }) => id),
  );
  for (const { id } of sinkRules) {
    const reason = waivers.get(id);
    if (reason === undefined || (typeof reason === "string" && reason.trim() !== "")) continue;
    waivers.add({
      path: waivers.path(id),
      reason: "type_mismatch",
      received: describeValue(reason),
      allowed: "why the sink may break the rule",
    });
  }
}
