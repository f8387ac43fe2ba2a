import type { Attributes, Value } from "../../value/index.ts";

/** An error as a record tells it, whether by `exception.*` attributes or as a value. */
export interface ErrorTree {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  /** What else it has, such as `code`. */
  readonly properties: readonly (readonly [key: string, value: Value])[];
  readonly causes: readonly ErrorTree[];
  readonly members: readonly ErrorTree[];
}

type ErrorValue = { readonly [key: string]: Value };

const TYPE = "exception.type";
const MESSAGE = "exception.message";
const STACK = "exception.stacktrace";
const CAUSES = "dagstack.exception.causes";
const MEMBERS = "dagstack.exception.errors";
const PROPERTIES = "dagstack.exception.properties";

/** Whether a value is what the walk makes of an Error. */
export function isErrorValue(value: Value | undefined): value is ErrorValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { type, message, stacktrace } = value as ErrorValue;
  return typeof type === "string" && typeof message === "string" && typeof stacktrace === "string";
}

/** The error that a value stands for. */
export function errorOfValue(value: ErrorValue): ErrorTree {
  const { type, message, stacktrace, cause, errors, ...others } = value;
  const properties = Object.entries(others);
  const causes = errorsIn(cause === undefined ? undefined : [cause]);
  const members = errorsIn(errors);
  if (cause !== undefined && causes === undefined) properties.push(["cause", cause]);
  if (errors !== undefined && members === undefined) properties.push(["errors", errors]);
  return {
    type: type as string,
    message: message as string,
    stack: stacktrace as string,
    properties,
    causes: causes ?? [],
    members: members ?? [],
  };
}

/** The error that the attributes of a record tell of, and the attributes that tell of something else. */
export function errorOfAttributes(attributes: Attributes): {
  readonly error: ErrorTree | undefined;
  readonly others: readonly (readonly [key: string, value: Value])[];
} {
  const all = Object.entries(attributes);
  const { [TYPE]: type, [MESSAGE]: message = "", [STACK]: stack = "" } = attributes;
  if (typeof message !== "string" || typeof stack !== "string" || (typeof type !== "string" && stack === "")) {
    return { error: undefined, others: all };
  }
  const causes = errorsIn(attributes[CAUSES]);
  const members = errorsIn(attributes[MEMBERS]);
  const properties = attributes[PROPERTIES];
  const told = new Set([TYPE, MESSAGE, STACK]);
  const hasProperties = typeof properties === "object" && properties !== null && !Array.isArray(properties);
  if (hasProperties) told.add(PROPERTIES);
  if (causes !== undefined) told.add(CAUSES);
  if (members !== undefined) told.add(MEMBERS);
  if (type !== undefined && typeof type !== "string") told.delete(TYPE);
  return {
    error: {
      type: typeof type === "string" ? type : "",
      message,
      stack,
      properties: hasProperties ? Object.entries(properties as Attributes) : [],
      causes: causes ?? [],
      members: members ?? [],
    },
    others: all.filter(([key]) => !told.has(key)),
  };
}

/** The errors of a list, or `undefined` when it holds anything else. */
function errorsIn(value: Value | undefined): ErrorTree[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const errors: ErrorTree[] = [];
  for (const item of value as readonly Value[]) {
    const whole = isErrorPart(item) ? { stacktrace: "", ...item } : item;
    if (!isErrorValue(whole)) return undefined;
    errors.push(errorOfValue(whole));
  }
  return errors;
}

/** Thrown values that are no errors have no stack. */
function isErrorPart(value: Value): value is ErrorValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return typeof (value as ErrorValue).type === "string" && typeof (value as ErrorValue).message === "string";
}
