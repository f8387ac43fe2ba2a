/** The attributes of `exception()` (§3.2). Reading whatever was thrown never throws. */
import { type CoercionReport, errorStack, exceptionAttributes, type Redactor } from "@dagstack/logger-core";

const MESSAGE = "exception.message";
const STACK = "exception.stacktrace";

/** Options of `Logger.exception`. */
export interface ExceptionOptions {
  /** Instead of the error's message. */
  readonly body?: unknown;
  /** Instead of ERROR. */
  readonly severityNumber?: number;
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
  report: CoercionReport,
  caller: Caller,
): { readonly body: unknown; readonly attributes: Record<string, unknown> } {
  const attributes = exceptionAttributes(error, redactor, report);
  attributes[STACK] ??= stackOfCall(caller);
  const body = exceptionOption(options, "body");
  return { body: body === undefined ? attributes[MESSAGE] : body, attributes };
}

/** An option of `exception()`; one that cannot be read is as good as none. */
export function exceptionOption(options: unknown, name: string): unknown {
  try {
    return (options as Record<string, unknown> | null)?.[name];
  } catch {
    return undefined; // a throwing getter or a revoked proxy: the record is emitted with the default
  }
}

function stackOfCall(caller: Caller): string | undefined {
  const here = new Error("logged here");
  // Only V8 can leave our own frames out.
  (Error as { captureStackTrace?(target: object, below: Caller): void }).captureStackTrace?.(here, caller);
  return errorStack(here);
}
