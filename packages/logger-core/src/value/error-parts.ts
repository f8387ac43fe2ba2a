/** Reading errors, and anything else that is thrown, without ever throwing (§3.2, D-20). */
import { listLength } from "./plain-map.ts";

/** Whether a value is an Error, of this realm or another, or a DOMException. May run a proxy's traps. */
export function isError(value: object): boolean {
  if (value instanceof Error) return true;
  const tag = Object.prototype.toString.call(value);
  return tag === "[object Error]" || tag === "[object DOMException]";
}

function stringMember(value: object, key: string): string | undefined {
  try {
    const member: unknown = (value as Record<string, unknown>)[key];
    return typeof member === "string" ? member : undefined;
  } catch {
    return undefined; // a throwing getter: the caller falls back, and the record says so by its text
  }
}

function constructorName(value: object): string | undefined {
  try {
    const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined; // as above
  }
}

/** `err.name`, or the constructor's name where the class did not set one; for non-Errors the latter or `typeof` (D-20). */
export function errorType(error: unknown): string {
  if (error === null || (typeof error !== "object" && typeof error !== "function"))
    return error === null ? "null" : typeof error;
  if (!isErrorSafe(error)) return constructorName(error) ?? typeof error;
  const name = stringMember(error, "name");
  if (name !== undefined && name !== "" && name !== "Error") return name;
  return constructorName(error) ?? "Error";
}

/** The message of an error-like value, `undefined` when it has none. */
export function errorMessage(error: unknown): string | undefined {
  if (typeof error === "string") return error;
  if (error === null || typeof error !== "object") return undefined;
  return stringMember(error, "message");
}

/**
 * The stack text of an error-like value, also where `Error.prepareStackTrace` makes a list of call sites of it;
 * `undefined` when it has none.
 */
export function errorStack(error: unknown): string | undefined {
  if (error === null || typeof error !== "object") return undefined;
  try {
    const stack = stackOf(error);
    return typeof stack === "string" ? stack : undefined;
  } catch {
    return undefined; // a getter or `prepareStackTrace` throws: the caller falls back, and the record says so by its text
  }
}

/** Frames of a stack that is given as call sites. */
const MAX_FRAMES = 100;

/** What an error has as its stack, call sites as text. Throws what reading them throws. */
export function stackOf(error: object): unknown {
  const { stack } = error as { readonly stack?: unknown };
  if (!Array.isArray(stack)) return stack;
  const lines = stack.slice(0, MAX_FRAMES).map((site) => `\n    at ${site}`);
  return `${errorType(error)}: ${errorMessage(error) ?? ""}${lines.join("")}`;
}

/** Members that a walk tells under names of their own, or last. */
const TOLD = ["name", "message", "stack", "cause", "errors"];
/** Members that well-known classes do not list: those of `SuppressedError`. */
const HIDDEN = ["error", "suppressed"];

/** The names of an error's own members, such as `code`, and of those that its class hides. `isTold` says which to leave out. */
export function ownMembers(error: object): string[] {
  const names = Object.keys(error);
  const hidden = HIDDEN.filter(
    (name) => Object.hasOwn(error, name) && !Object.prototype.propertyIsEnumerable.call(error, name),
  );
  return hidden.length === 0 ? names : [...names, ...hidden];
}

/** Whether a member is part of what the type, message, stack, cause and members of an error tell. */
export function isTold(name: string): boolean {
  return TOLD.includes(name);
}

/** `isError` for values that may be hostile. */
export function isErrorSafe(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  try {
    return isError(value);
  } catch {
    return false; // a revoked proxy: it is described by its type instead
  }
}

/** The members of an error: the list in its `errors`, or `"own"` when that is to be told like other members. */
export function errorMembers(error: object): readonly unknown[] | "own" | undefined {
  try {
    const { errors } = error as { readonly errors?: unknown };
    if (errors === undefined || errors === null) return undefined;
    if (!Array.isArray(errors)) return "own";
    return listLength(errors) > 0 ? errors : undefined;
  } catch {
    return "own"; // the walk reads it again, and reports it
  }
}

/** Whether what was thrown has a message of its own: an error, or an object with a text as `message`. */
export function hasMessage(thrown: unknown): thrown is { readonly message: unknown } {
  return isErrorSafe(thrown) || (typeof thrown === "object" && errorMessage(thrown) !== undefined);
}

/** What a walk is to read of an error: all (`whole`), all but its cause (`link`), or `ownMembers` only (`own`). */
export type ErrorPartKind = "whole" | "link" | "own";

/** Stands where a value is expected for part of something that was thrown, or for the `members` of an error. */
export class ErrorPart {
  readonly thrown: unknown;
  readonly kind: ErrorPartKind | "members";

  constructor(thrown: unknown, kind: ErrorPartKind | "members") {
    this.thrown = thrown;
    this.kind = kind;
  }
}
