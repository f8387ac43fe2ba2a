/** What `configure` takes, and the check of all of it before anything changes (§9.2, D-75). */
import {
  type Attributes,
  buildAttributes,
  type Clock,
  type ConfigIssue,
  createRedactor,
  DEFAULT_MAX_RECORD_BYTES,
  DEFAULT_SEVERITY,
  type Level,
  OptionsCheck,
  type RedactionConfig,
  type Redactor,
  redactionIssues,
  type Sink,
} from "@dagstack/logger-core";
import { type ContextReader, openTelemetryContextReader } from "../context/index.ts";
import { DEFAULT_BAGGAGE_KEYS } from "../generated/baggage-keys.ts";
import type { Settings } from "../registry/index.ts";
import { type LoggerOptions, loggerPlans, refuseTwoRoots } from "./logger-plans.ts";
import { refuseSharedIds, sinkList } from "./sink-list.ts";
import { isMapOfSettings, typeMismatch } from "./type-mismatch.ts";

/** A whole configuration: what it does not mention has its default (D-73). */
export interface ConfigureOptions {
  /** Level of the root. Default `INFO`. */
  readonly level?: Level | undefined;
  /** Another spelling of `level`. */
  readonly rootLevel?: Level | undefined;
  /** Sinks of the root. Default one `ConsoleSink`; `[]` means none. */
  readonly sinks?: readonly Sink[] | undefined;
  /** Levels and sinks by logger name. */
  readonly loggers?: Readonly<Record<string, LoggerOptions>> | undefined;
  /** Another spelling of `loggers`. */
  readonly perLoggerLevels?: Readonly<Record<string, LoggerOptions>> | undefined;
  /** Resource attributes: scalars. They win over the environment, key by key (§4.2). */
  readonly resource?: Attributes | undefined;
  /** Another spelling of `resource`. */
  readonly resourceAttributes?: Attributes | undefined;
  /** Which keys are secret (§10). Default the base set. */
  readonly redaction?: RedactionConfig | undefined;
  /** Whether records take trace ids and baggage from the active OpenTelemetry context (§3.4.2). Default true. */
  readonly autoInjectTraceContext?: boolean | undefined;
  /** Baggage entries that become attributes (§3.4). Default `tenant.id`, `request.id`, `user.id`. */
  readonly baggageKeys?: readonly string[] | undefined;
  /** Where trace and baggage come from. Default OpenTelemetry's global registry. */
  readonly contextReader?: ContextReader | undefined;
  /**
   * What body and attributes of a record may take as JSON, in bytes of UTF-8, from 1024. Of a larger record the longest
   * strings are cut, then containers; `dagstack.truncated_bytes` says by how much. Default 262 144 (256 KiB).
   */
  readonly maxRecordBytes?: number | undefined;
  /** How long `flush()` and `close()` take at most when called without a time. Default 5000. */
  readonly flushTimeoutMs?: number | undefined;
  /** How long sinks have at a natural end of the process. Default 2000. */
  readonly exitFlushMs?: number | undefined;
  /** Time source. Default the system's. */
  readonly clock?: Clock | undefined;
}

/** A checked configuration, ready to be applied. */
export interface ConfigurationPlan {
  readonly level: number;
  readonly levelGiven: boolean;
  /** `undefined`: the default console sink. */
  readonly sinks: readonly Sink[] | undefined;
  readonly loggers: ReadonlyMap<string, { readonly level?: number; readonly sinks?: readonly Sink[] }>;
  readonly resource: Attributes;
  readonly redactor: Redactor;
  readonly redactionGiven: boolean;
  readonly warnsOfNoRedaction: boolean;
  /** What is taken over as it is. */
  readonly settings: Settings;
  readonly clock: Clock | undefined;
}

const NAMES = [
  "level",
  "rootLevel",
  "sinks",
  "loggers",
  "perLoggerLevels",
  "resource",
  "resourceAttributes",
  "redaction",
  "autoInjectTraceContext",
  "baggageKeys",
  "contextReader",
  "maxRecordBytes",
  "flushTimeoutMs",
  "exitFlushMs",
  "clock",
];

/**
 * Checks options completely and changes nothing.
 *
 * @throws ConfigError listing every problem.
 */
export function planConfiguration(options: ConfigureOptions = {}): ConfigurationPlan {
  const issues: ConfigIssue[] = [];
  const check = new OptionsCheck("configure", options, NAMES, "", issues);
  const levelKey = oneSpelling(check, "level", "rootLevel");
  const resourceKey = oneSpelling(check, "resource", "resourceAttributes");
  const loggersKey = oneSpelling(check, "loggers", "perLoggerLevels");
  const level = check.level(levelKey, DEFAULT_SEVERITY);
  const sinks = check.get("sinks") === undefined ? undefined : sinkList(issues, check.get("sinks"), "sinks", []);
  const loggers = loggerPlans(issues, check.get(loggersKey), loggersKey, sinks ?? []);
  refuseSharedIds(issues, sinks ?? [], loggers.values());
  refuseTwoRoots(check, loggers, levelKey);
  const redaction = check.get("redaction");
  issues.push(...redactionIssues(redaction));
  const plan = {
    level,
    levelGiven: check.get(levelKey) !== undefined,
    sinks,
    loggers: new Map([...loggers].map(([name, { path: _, ...settings }]) => [name, settings])),
    resource: resourceAttributes(check, check.get(resourceKey), resourceKey),
    redactionGiven: redaction !== undefined,
    warnsOfNoRedaction: (redaction as RedactionConfig | undefined)?.suppressDisableWarning !== true,
    settings: {
      autoInjectTraceContext: check.boolean("autoInjectTraceContext", true),
      baggageKeys: baggageKeys(check),
      contextReader:
        withMethods<ContextReader>(check, "contextReader", ["active", "span", "baggage"]) ?? openTelemetryContextReader,
      maxRecordBytes: check.integer("maxRecordBytes", {
        min: 1024,
        max: 2 ** 26,
        default: DEFAULT_MAX_RECORD_BYTES,
        unit: "bytes",
      }),
      flushTimeoutMs: check.integer("flushTimeoutMs", {
        min: 0,
        max: MAX_TIMER_MS,
        default: 5000,
        unit: "milliseconds",
      }),
      exitFlushMs: check.integer("exitFlushMs", { min: 0, max: MAX_TIMER_MS, default: 2000, unit: "milliseconds" }),
    },
    clock: withMethods<Clock>(check, "clock", ["now", "monotonicMs", "schedule"]),
  };
  check.finish();
  return { ...plan, redactor: createRedactor(redaction as RedactionConfig | undefined) };
}

const MAX_TIMER_MS = 2_147_483_647;

/** The spelling that was used, the first one by default; both at once are a problem. */
function oneSpelling(check: OptionsCheck, ours: string, other: string): string {
  if (check.get(other) === undefined) return ours;
  if (check.get(ours) !== undefined) {
    check.add({
      path: other,
      reason: "duplicate",
      received: `both ${ours} and ${other}`,
      allowed: "one of them",
      fix: `remove ${other}`,
    });
    return ours;
  }
  return other;
}

function resourceAttributes(check: OptionsCheck, input: unknown, path: string): Attributes {
  if (input === undefined) return {};
  if (!isMapOfSettings(input)) {
    check.add(typeMismatch(path, input, "a map of scalars"));
    return {};
  }
  for (const [key, value] of Object.entries(input)) {
    if (["string", "number", "boolean", "bigint", "undefined"].includes(typeof value)) continue;
    check.add(typeMismatch(`${path}.${key}`, value, "a string, number, bigint or boolean"));
  }
  return buildAttributes([input], null);
}

function baggageKeys(check: OptionsCheck): readonly string[] {
  const keys = check.get("baggageKeys");
  if (keys === undefined) return DEFAULT_BAGGAGE_KEYS;
  if (Array.isArray(keys) && keys.every((key) => typeof key === "string" && key !== ""))
    return Object.freeze([...keys]);
  check.add(typeMismatch("baggageKeys", keys, "a list of non-empty strings, [] for none"));
  return DEFAULT_BAGGAGE_KEYS;
}

function withMethods<T>(check: OptionsCheck, name: string, methods: readonly string[]): T | undefined {
  const value = check.get(name);
  if (value === undefined) return undefined;
  const isObject = typeof value === "object" && value !== null;
  if (isObject && methods.every((method) => typeof (value as Record<string, unknown>)[method] === "function"))
    return value as T;
  check.add(typeMismatch(name, value, `an object with ${methods.join(", ")}`));
  return undefined;
}
