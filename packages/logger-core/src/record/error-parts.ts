/** Reading errors, and anything else that is thrown, without ever throwing (§3.2, D-20). */

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

/** The stack text of an error-like value, `undefined` when it has none. */
export function errorStack(error: unknown): string | undefined {
  return error !== null && typeof error === "object" ? stringMember(error, "stack") : undefined;
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
