import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describeError, describeValue, type Level, type LineFormat, OptionsCheck } from "@dagstack/logger-core";
import { type RotationOptions, type RotationSettings, readRotation } from "./rotation/index.ts";

/** Settings of a `FileSink`; anything else in the map is a `ConfigError` (D-69). */
export interface FileSinkOptions {
  /** For diagnostics and metric labels. Default: the `file://` URL of the absolute path (D-50). */
  readonly id?: string;
  /** Less severe records are not taken. Default: everything. */
  readonly minSeverity?: Level;
  /** `dagstack` JSON-lines (default) or `otlp_json`, one envelope per line (D-11). */
  readonly format?: LineFormat;
  /** Default: none, the file grows. */
  readonly rotation?: RotationOptions;
  /** Write each record before `emit` returns. Default false. */
  readonly sync?: boolean;
  /** When to force written bytes to the disk: `never` (default), on `flush` and `close`, or `always`, after each write. */
  readonly fsync?: "never" | "flush" | "always";
  /** Create missing parent directories. Default false. */
  readonly mkdir?: boolean;
  /** Permissions of files the sink creates, less the umask: a number or octal text. Default 0o644. */
  readonly fileMode?: number | string;
  /** Bytes gathered before they are written at once; fewer are written at the next turn of the event loop. Default 65 536. */
  readonly bufferBytes?: number;
  /** Bytes that may wait while the file cannot be written; beyond it the oldest lines are dropped. Default 16 777 216. */
  readonly maxBufferBytes?: number;
  /** How long `close` keeps trying, milliseconds. Default 5 000. */
  readonly closeTimeoutMs?: number;
  /** A file that cannot be opened at start: throw (default), or start anyway and keep trying. */
  readonly onOpenError?: "throw" | "retry";
  /** Reopen the path at each `SIGHUP`, which then does not end the process any more. Default false. */
  readonly reopenOnSighup?: boolean;
}

/** Options read, checked and with their defaults. */
export interface FileSinkSettings extends RotationSettings {
  readonly id: string | undefined;
  readonly minSeverity: number;
  readonly format: LineFormat;
  readonly sync: boolean;
  readonly fsync: "never" | "flush" | "always";
  readonly mkdir: boolean;
  readonly fileMode: number;
  readonly bufferBytes: number;
  readonly maxBufferBytes: number;
  readonly closeTimeoutMs: number;
  readonly onOpenError: "throw" | "retry";
  readonly reopenOnSighup: boolean;
}

/** The longest delay a timer takes. */
export const MAX_TIMEOUT_MS: number = 2 ** 31 - 1;
const MAX_BUFFER_BYTES = 2 ** 30;
const DEFAULT_FILE_MODE = 0o644;
/** Text that is a URL and not meant as the name of a folder such as `file:`. A drive has one letter. */
const URL_TEXT = /^(?:file:|[a-z][a-z0-9+.-]+:\/\/)/i;

const ALLOWED = [
  "id",
  "minSeverity",
  "format",
  "rotation",
  "sync",
  "fsync",
  "mkdir",
  "fileMode",
  "bufferBytes",
  "maxBufferBytes",
  "closeTimeoutMs",
  "onOpenError",
  "reopenOnSighup",
] as const;

/**
 * Reads path and options.
 *
 * @throws ConfigError listing every problem.
 */
export function readSettings(
  path: unknown,
  options: unknown,
): { readonly path: string; readonly settings: FileSinkSettings } {
  const check = new OptionsCheck("FileSink", options, ALLOWED);
  const absolutePath = readPath(check, path);
  const rotation = readRotation(check);
  const bufferBytes = check.integer("bufferBytes", { min: 1, max: MAX_BUFFER_BYTES, default: 65_536, unit: "bytes" });
  const maxBufferBytes = check.integer("maxBufferBytes", {
    min: 1,
    max: MAX_BUFFER_BYTES,
    default: Math.max(16_777_216, bufferBytes),
    unit: "bytes",
  });
  if (maxBufferBytes < bufferBytes) {
    check.add({
      path: check.path("maxBufferBytes"),
      reason: "out_of_range",
      received: String(maxBufferBytes),
      allowed: `at least bufferBytes, ${bufferBytes}`,
      fix: "raise maxBufferBytes or lower bufferBytes",
    });
  }
  const settings: FileSinkSettings = {
    id: check.get("id") === undefined ? undefined : check.text("id", ""),
    minSeverity: check.level("minSeverity"),
    format: check.oneOf("format", ["dagstack", "otlp_json"], "dagstack"),
    ...rotation,
    sync: check.boolean("sync", false),
    fsync: check.oneOf("fsync", ["never", "flush", "always"], "never"),
    mkdir: check.boolean("mkdir", false),
    fileMode: readFileMode(check),
    bufferBytes,
    maxBufferBytes,
    closeTimeoutMs: check.integer("closeTimeoutMs", {
      min: 0,
      max: MAX_TIMEOUT_MS,
      default: 5_000,
      unit: "milliseconds",
    }),
    onOpenError: check.oneOf("onOpenError", ["throw", "retry"], "throw"),
    reopenOnSighup: check.boolean("reopenOnSighup", false),
  };
  check.finish();
  return { path: absolutePath, settings };
}

function readPath(check: OptionsCheck, path: unknown): string {
  const allowed = "a non-empty path, as text or as a file: URL";
  const fix = 'name the file, for example "logs/app.jsonl"';
  const isUrl = typeof path === "string" && URL_TEXT.test(path);
  if (typeof path === "string" && path !== "" && !isUrl) return resolve(path);
  const href = isUrl ? path : typeof path === "object" && path !== null ? (path as { href?: unknown }).href : undefined;
  if (typeof href === "string") {
    try {
      if (/^file:(?!\/)/i.test(href)) throw new Error("which is relative");
      return fileURLToPath(href);
    } catch (error) {
      // Of another URL only its kind: it may hold a password.
      const what = /^file:/i.test(href) ? describeValue(href) : `a URL with ${href.slice(0, href.indexOf(":") + 1)}`;
      const received = `${what} (${describeError(error).message})`;
      check.add({ path: "path", reason: "validation_failed", received, allowed, fix });
      return "";
    }
  }
  const reason = path === undefined ? "missing" : path === "" ? "out_of_range" : "type_mismatch";
  check.add({ path: "path", reason, received: describeValue(path), allowed, fix });
  return "";
}

function readFileMode(check: OptionsCheck): number {
  const value = check.get("fileMode");
  if (value === undefined) return DEFAULT_FILE_MODE;
  const mode =
    typeof value === "string" && /^(?:0o?)?[0-7]{3}$/.test(value) ? Number.parseInt(value.slice(-3), 8) : value;
  if (typeof mode === "number" && Number.isInteger(mode) && mode >= 0 && mode <= 0o777) return mode;
  check.add({
    path: check.path("fileMode"),
    reason: typeof value === "number" || typeof value === "string" ? "out_of_range" : "type_mismatch",
    received: describeValue(value),
    allowed: "permission bits from 0 to 0o777, as a number or as octal text",
    fix: 'write 0o640 or "0640", not 640',
  });
  return DEFAULT_FILE_MODE;
}
