/** `dagstack.logger.internal` (§7.4): how the packages report on themselves. */
import {
  type Attributes,
  DIAGNOSTIC_DOMAIN,
  DIAGNOSTIC_EVENTS,
  type Diagnostic,
  type DiagnosticEvent,
  FLUSH_SUCCEEDED,
  type FlushResult,
  INTERNAL_LOGGER_NAME,
  type InstrumentationScope,
  type LogRecord,
  type Resource,
  type Sink,
  severityText,
  withObservedTime,
} from "@dagstack/logger-core";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";
import { processEnd } from "#process-end";
import { SDK_VERSION } from "./generated/version.ts";
import { currentProcess } from "./runtime.ts";

const STORM_WINDOW_MS = 10_000;
const MAX_STORM_KEYS = 1000;
/** Those that records cause. The others are caused by a configuration or the end of the process, and all are written. */
const REPEATING: ReadonlySet<DiagnosticEvent> = new Set([
  "sink_error",
  "buffer_overflow",
  "record_malformed",
  "scope_ended",
]);

const SCOPE: InstrumentationScope = Object.freeze({
  name: INTERNAL_LOGGER_NAME,
  version: SDK_VERSION,
  attributes: Object.freeze({}),
});

/** Writes each record at once as a JSON line to stderr, or to `console.warn` where there is none (D-30). No queue. */
export class InternalStderrSink implements Sink {
  readonly id = "internal:stderr";
  readonly #now: () => bigint;
  readonly #onError: (error: unknown) => void;
  readonly #isExiting: () => boolean;
  readonly #lastWords = processEnd?.createLastWords();
  #listening = false;

  /**
   * @param onError told of writes that fail after `emit` returned; those that fail within it throw.
   * @param isExiting whether a line that does not leave now never will.
   */
  constructor(now: () => bigint, onError: (error: unknown) => void, isExiting: () => boolean = () => false) {
    this.#now = now;
    this.#onError = onError;
    this.#isExiting = isExiting;
  }

  supportsSeverity(): boolean {
    return true;
  }

  emit(record: LogRecord): void {
    const line = toDagstackJsonl(withObservedTime(record, this.#now()));
    const stderr = currentProcess()?.stderr;
    if (typeof stderr?.write !== "function") {
      console.warn(line);
      return;
    }
    if (!this.#listening) {
      this.#listening = true;
      stderr.on?.("error", this.#onError); // a closed stderr must not end the process
    }
    if (this.#isExiting() && this.#lastWords?.write(stderr, line) === true) return;
    stderr.write(`${line}\n`);
  }

  flush(): Promise<FlushResult> {
    return Promise.resolve(FLUSH_SUCCEEDED);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

interface Storm {
  until: number;
  suppressed: number;
  droppedCount: number;
}

/** Holds the same event for the same sink (or logger) to one in ten seconds, and counts the rest (§7.4). */
export class StormGuard {
  readonly #storms = new Map<string, Storm>();

  /** The diagnostic to write now, or `undefined` while the window of an earlier one lasts. */
  pass(diagnostic: Diagnostic, nowMs: number): { diagnostic: Diagnostic; suppressed: number } | undefined {
    if (!REPEATING.has(diagnostic.event)) return { diagnostic, suppressed: 0 };
    const key = `${diagnostic.event} ${diagnostic.sinkId ?? diagnostic.loggerName ?? ""} ${diagnostic.reason ?? ""}`;
    const dropped = diagnostic.droppedCount ?? 0;
    const storm = this.#storms.get(key);
    if (storm !== undefined && nowMs < storm.until) {
      storm.suppressed += 1;
      storm.droppedCount += dropped;
      return undefined;
    }
    if (this.#storms.size >= MAX_STORM_KEYS) this.#storms.clear();
    this.#storms.set(key, { until: nowMs + STORM_WINDOW_MS, suppressed: 0, droppedCount: 0 });
    if (storm === undefined || storm.suppressed === 0) return { diagnostic, suppressed: 0 };
    const total = storm.droppedCount + dropped;
    return {
      diagnostic: total === 0 ? diagnostic : { ...diagnostic, droppedCount: total },
      suppressed: storm.suppressed,
    };
  }

  reset(): void {
    this.#storms.clear();
  }
}

/** The record of a diagnostic. It names things and counts them; it has no bodies or attribute values of users (D-68). */
export function diagnosticRecord(
  diagnostic: Diagnostic,
  suppressed: number,
  timeUnixNano: bigint,
  resource: Resource | null,
): LogRecord {
  const { schemaVersion, severityNumber, description } = DIAGNOSTIC_EVENTS[diagnostic.event];
  const text = (value: string | undefined): string | undefined => value?.toWellFormed();
  const fields: Record<string, string | number | undefined> = {
    "event.domain": DIAGNOSTIC_DOMAIN,
    "event.name": diagnostic.event,
    "event.schema_version": schemaVersion,
    "dagstack.sink.id": text(diagnostic.sinkId),
    "dagstack.logger.name": text(diagnostic.loggerName),
    "dagstack.reason": text(diagnostic.reason),
    "dagstack.error.type": text(diagnostic.errorType),
    "dagstack.error.message": text(diagnostic.errorMessage),
    "dagstack.dropped_count": diagnostic.droppedCount,
    "dagstack.suppressed_count": suppressed === 0 ? undefined : suppressed,
    "dagstack.attribute.path": text(diagnostic.attributePath),
    "dagstack.config.path": text(diagnostic.configPath),
  };
  const attributes = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return Object.freeze({
    timeUnixNano,
    observedTimeUnixNano: null,
    severityNumber,
    severityText: severityText(severityNumber),
    body: description,
    attributes: Object.freeze(attributes) as Attributes,
    resource,
    instrumentationScope: SCOPE,
    traceId: null,
    spanId: null,
    traceFlags: 0,
  });
}
