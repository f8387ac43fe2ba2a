import { createRedactor, DEFAULT_MAX_RECORD_BYTES, type Redactor, type Resource } from "@dagstack/logger-core";
import {
  assembleResource,
  type ContextSettings,
  detectFacts,
  openTelemetryContextReader,
  type ResourceIssue,
} from "../context/index.ts";
import { DEFAULT_BAGGAGE_KEYS } from "../generated/baggage-keys.ts";
import type { SettingOrigin } from "./logger-node.ts";

/** What a configuration takes over from its options as it is. */
export interface Settings extends ContextSettings {
  readonly maxRecordBytes: number;
  readonly flushTimeoutMs: number;
  readonly exitFlushMs: number;
}

/** What holds for every record until the next `configure`. Immutable: each record uses the one it read at its start. */
export interface Configuration extends Settings {
  readonly resource: Resource;
  readonly resourceIssues: readonly ResourceIssue[];
  readonly redactor: Redactor;
  readonly redactionFrom: SettingOrigin;
}

/** What holds before the first `configure`. */
export function defaultConfiguration(): Configuration {
  const { resource, issues } = assembleResource({}, detectFacts());
  return Object.freeze({
    resource,
    resourceIssues: issues,
    redactor: createRedactor(),
    redactionFrom: "default",
    autoInjectTraceContext: true,
    baggageKeys: DEFAULT_BAGGAGE_KEYS,
    contextReader: openTelemetryContextReader,
    maxRecordBytes: DEFAULT_MAX_RECORD_BYTES,
    flushTimeoutMs: 5000,
    exitFlushMs: 2000,
  });
}
