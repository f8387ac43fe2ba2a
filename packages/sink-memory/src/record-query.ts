/** The query of `InMemorySink.find`. */
import {
  type Attributes,
  describeValue,
  type Level,
  type LogRecord,
  OptionsCheck,
  type Value,
} from "@dagstack/logger-core";

/** What a record must be; every member that is given must hold. An empty query matches every record. */
export interface RecordQuery {
  /** At least this severe: a name in any case or a number from 1 to 24. */
  readonly minSeverity?: Level | undefined;
  /** Exactly this severity, from 1 to 24. */
  readonly severityNumber?: number | undefined;
  /** Exactly this logger (scope) name. */
  readonly logger?: string | undefined;
  /** The body is a string that contains this text or that this pattern finds. Structured bodies never match. */
  readonly body?: string | RegExp | undefined;
  /** Each of these attributes is there and equal in depth; the record may have more. */
  readonly attributes?: Attributes | undefined;
  /** Anything else. What it throws reaches the caller of `find`. */
  readonly predicate?: ((record: LogRecord) => boolean) | undefined;
}

type Test = (record: LogRecord) => boolean;

const MEMBERS = ["minSeverity", "severityNumber", "logger", "body", "attributes", "predicate"] as const;

/**
 * The query as one function.
 *
 * @throws ConfigError for an unknown member or one of the wrong type: a slip must not make a query match everything.
 */
export function compileQuery(query: RecordQuery | undefined): Test {
  const check = new OptionsCheck("InMemorySink.find", query, MEMBERS);
  const tests = [severityTest(check), loggerTest(check), bodyTest(check), attributesTest(check), predicateTest(check)];
  check.finish();
  const given = tests.filter((test) => test !== undefined);
  return (record) => given.every((test) => test(record));
}

function severityTest(check: OptionsCheck): Test {
  const min = check.level("minSeverity");
  const exact = check.get("severityNumber");
  if (exact === undefined) return (record) => record.severityNumber >= min;
  const severity = check.integer("severityNumber", { min: 1, max: 24, default: 1 });
  return (record) => record.severityNumber === severity && severity >= min;
}

function loggerTest(check: OptionsCheck): Test | undefined {
  if (check.get("logger") === undefined) return undefined;
  const name = check.text("logger", "");
  return (record) => record.instrumentationScope.name === name;
}

function bodyTest(check: OptionsCheck): Test | undefined {
  const wanted = check.get("body");
  if (wanted === undefined) return undefined;
  if (typeof wanted === "string") return ({ body }) => typeof body === "string" && body.includes(wanted);
  // `search`, unlike `test`, does not move the lastIndex of a global pattern from record to record.
  if (wanted instanceof RegExp) return ({ body }) => typeof body === "string" && body.search(wanted) !== -1;
  refuse(check, "body", wanted, "a string or a RegExp");
  return undefined;
}

function attributesTest(check: OptionsCheck): Test | undefined {
  const wanted = check.get("attributes");
  if (wanted === undefined) return undefined;
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) {
    refuse(check, "attributes", wanted, "a map of attributes");
    return undefined;
  }
  const entries = Object.entries(wanted as Attributes);
  return ({ attributes }) =>
    entries.every(([key, value]) => Object.hasOwn(attributes, key) && equal(attributes[key], value));
}

function predicateTest(check: OptionsCheck): Test | undefined {
  const wanted = check.get("predicate");
  if (wanted === undefined) return undefined;
  if (typeof wanted === "function") return wanted as Test;
  refuse(check, "predicate", wanted, "a function of a record");
  return undefined;
}

function refuse(check: OptionsCheck, name: string, value: unknown, allowed: string): void {
  check.add({ path: check.path(name), reason: "type_mismatch", received: describeValue(value), allowed });
}

function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Attributes;
  const right = b as Attributes;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  );
}
