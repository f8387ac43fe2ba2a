import type { Redactor } from "../redaction/index.ts";
import {
  type CoercionReport,
  ErrorPart,
  errorMembers,
  errorMessage,
  errorType,
  hasMessage,
  isTold,
  ownMembers,
  stackOf,
  UNREADABLE,
  ValueWalk,
  valueText,
} from "../value/index.ts";

const STACK = "exception.stacktrace";

/** Causes that are told one below the other. */
const MAX_CAUSES = 8;

/**
 * What a record says of something that was thrown (§3.2), whichever call takes it: `exception.type`, `.message` and
 * `.stacktrace` as text, and where there are any `dagstack.exception.causes`, `.errors` and `.properties`, the own
 * members such as `code`. Causes and errors have the form that an error has as a value. To be built into a record like
 * any attributes; `exception.stacktrace` is `undefined` where there is no text. Never throws.
 *
 * @param redactor masks what is told of a thrown value that has no message.
 */
export function exceptionAttributes(
  thrown: unknown,
  redactor: Redactor | null,
  report: CoercionReport,
): Record<string, unknown> {
  const attributes: Record<string, unknown> = {
    "exception.type": errorType(thrown),
    "exception.message": errorMessage(thrown) ?? valueText(new ValueWalk(redactor, report).message(thrown, 1)),
    [STACK]: stackText(thrown, report),
  };
  const causes = causesOf(thrown);
  if (causes.length > 0) attributes["dagstack.exception.causes"] = causes;
  if (!hasMessage(thrown)) return attributes;
  const members = errorMembers(thrown);
  if (typeof members === "object") attributes["dagstack.exception.errors"] = new ErrorPart(members, "members");
  if (members === "own" || hasOwnMembers(thrown)) {
    attributes["dagstack.exception.properties"] = new ErrorPart(thrown, "own");
  }
  return attributes;
}

function stackText(thrown: unknown, report: CoercionReport): string | undefined {
  try {
    const stack = typeof thrown === "object" && thrown !== null ? stackOf(thrown) : undefined;
    return typeof stack === "string" ? stack : undefined;
  } catch (error) {
    report("unreadable", STACK, errorType(error));
    return undefined;
  }
}

/** The chain of causes, outermost first, until one comes again. */
function causesOf(thrown: unknown): unknown[] {
  const causes: unknown[] = [];
  const seen = new Set<unknown>([thrown]);
  try {
    for (let cause = causeOf(thrown); cause !== undefined && cause !== null; cause = causeOf(cause)) {
      if (seen.has(cause) || causes.length === MAX_CAUSES) break;
      seen.add(cause);
      causes.push(new ErrorPart(cause, "link"));
    }
  } catch {
    causes.push(UNREADABLE);
  }
  return causes;
}

function causeOf(thrown: unknown): unknown {
  return typeof thrown === "object" && thrown !== null ? (thrown as { readonly cause?: unknown }).cause : undefined;
}

function hasOwnMembers(error: object): boolean {
  try {
    return ownMembers(error).some((name) => !isTold(name));
  } catch {
    return true; // the walk reads them again, and reports it
  }
}
