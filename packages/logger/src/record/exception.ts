/** The attributes of `exception()` (§3.2). Reading whatever was thrown never throws. */
import {
  buildAttributes,
  errorMessage,
  errorStack,
  errorType,
  isErrorSafe,
  type Redactor,
} from "@dagstack/logger-core";
import { canonicalJson } from "@dagstack/logger-core/wire";

const MAX_CAUSES = 8;
const MESSAGE = "exception.message";

/** Options of `Logger.exception`. */
export interface ExceptionOptions {
  /** Instead of the error's message. */
  readonly body?: unknown;
  /** Instead of ERROR. */
  readonly severityNumber?: number;
}

interface ErrorParts {
  readonly type: string;
  readonly message: string;
  readonly stacktrace: string | undefined;
}

/** A function of the call stack: the frames above it are not the application's. */
type Caller = (...args: never[]) => unknown;

/**
 * What `exception()` logs.
 *
 * @param options of the call: its `body` is used instead of the message.
 * @param caller the method that the application called; a stack captured here begins below it.
 */
export function exceptionParts(
  error: unknown,
  options: unknown,
  redactor: Redactor,
  caller: Caller,
): { readonly body: unknown; readonly attributes: Record<string, unknown> } {
  const attributes = exceptionAttributes(error, redactor, caller);
  const body = exceptionOption(options, "body");
  return { body: body === undefined ? attributes[MESSAGE] : body, attributes };
}

/** What the record says of a thrown value. Strings and lists of strings only. */
function exceptionAttributes(error: unknown, redactor: Redactor, caller: Caller): Record<string, unknown> {
  const parts = partsOf(error, redactor);
  const causes = causesOf(error, redactor);
  const errors = membersOf(error, redactor);
  return {
    "exception.type": parts.type,
    [MESSAGE]: parts.message,
    "exception.stacktrace": parts.stacktrace ?? stackOfCall(caller),
    ...(causes.length === 0 ? {} : { "dagstack.exception.causes": causes }),
    ...(errors.length === 0 ? {} : { "dagstack.exception.errors": errors }),
  };
}

/** An option of `exception()`; one that cannot be read is as good as none. */
export function exceptionOption(options: unknown, name: string): unknown {
  try {
    return (options as Record<string, unknown> | null)?.[name];
  } catch {
    return undefined; // a throwing getter or a revoked proxy: the record is emitted with the default
  }
}

function partsOf(error: unknown, redactor: Redactor): ErrorParts {
  return { type: errorType(error), message: messageOf(error, redactor), stacktrace: errorStack(error) };
}

/** A thrown value that is no error and has no message is told as text or canonical JSON, its secrets masked. */
function messageOf(error: unknown, redactor: Redactor): string {
  const message = errorMessage(error);
  if (message !== undefined) return message;
  if (isErrorSafe(error)) return "";
  if (typeof error === "symbol") return error.toString();
  if (typeof error === "function" || error === undefined) return typeof error;
  const told = buildAttributes([{ error }], redactor).error ?? null;
  return typeof told === "string" ? told : canonicalJson(told);
}

function causesOf(error: unknown, redactor: Redactor): ErrorParts[] {
  const causes: ErrorParts[] = [];
  const seen = new Set<unknown>([error]);
  for (let cause = member(error, "cause"); cause !== undefined && cause !== null; cause = member(cause, "cause")) {
    if (seen.has(cause) || causes.length === MAX_CAUSES) break;
    seen.add(cause);
    causes.push(partsOf(cause, redactor));
  }
  return causes;
}

function membersOf(error: unknown, redactor: Redactor): ErrorParts[] {
  const errors = member(error, "errors");
  try {
    if (!isErrorSafe(error) || !Array.isArray(errors)) return [];
    return errors.map((item: unknown) => partsOf(item, redactor));
  } catch {
    return []; // a hostile list: there is no telling what it held; the rest of the record stands
  }
}

function member(value: unknown, key: string): unknown {
  if (value === null || typeof value !== "object") return undefined;
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined; // a throwing getter: there is no telling what the cause was; the rest of the record stands
  }
}

function stackOfCall(caller: Caller): string {
  const here = new Error("logged here");
  // Only V8 can leave our own frames out.
  (Error as { captureStackTrace?(target: object, below: Caller): void }).captureStackTrace?.(here, caller);
  return here.stack ?? "";
}
