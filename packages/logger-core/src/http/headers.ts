import { type ConfigIssue, describeValue, type OptionsCheck } from "../options/index.ts";
import type { HeaderMap } from "./transport/index.ts";

/** A request that is about to be sent, for a function that signs it. */
export interface RequestToSend {
  readonly url: URL;
  /** What goes over the wire: compressed, where that is asked for. */
  readonly body: Uint8Array;
  /** What is sent besides, `content-type` for one. */
  readonly headers: HeaderMap;
}

/**
 * Headers of every request, or a function that is asked before each: for tokens that expire and for signatures. What it
 * throws, a rejection or a bad header is tried again like an outage.
 */
export type HeadersOption = HeaderMap | ((request: RequestToSend) => HeaderMap | Promise<HeaderMap>);

/** The option, checked. */
export interface HeaderSource {
  /** Asked before each request; names come in lower case. */
  readonly of: (request: RequestToSend) => Promise<HeaderMap>;
  /** Whether a function of the user's makes them, which may give others next time. */
  readonly areAsked: boolean;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible ASCII, blanks, tabs and Latin-1: what HTTP/1.1 carries. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const OURS: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "transfer-encoding",
]);

/** What is wrong with a header, or `undefined`. Neither value nor bad name is told: either may be a secret. */
export function headerIssue(name: string, value: unknown): Omit<ConfigIssue, "path"> | undefined {
  if (!TOKEN.test(name)) {
    return {
      reason: "validation_failed",
      received: "a header name with other characters",
      allowed: "letters, digits and !#$%&'*+.^_`|~-",
      fix: "correct the name",
    };
  }
  if (OURS.has(name.toLowerCase())) {
    return {
      reason: "validation_failed",
      received: `the header ${name}`,
      allowed: "any but those that the sink sets itself",
      fix: "remove it; for content-encoding use compression",
    };
  }
  if (typeof value !== "string") {
    return { reason: "type_mismatch", received: `${typeof value} as value`, allowed: "a string" };
  }
  if (VALUE.test(value)) return undefined;
  return {
    reason: "validation_failed",
    received: "a value with line breaks, control characters or characters beyond Latin-1",
    allowed: "visible characters, blanks and tabs",
    fix: "encode the value, for example as base64",
  };
}

/** Reads the option `headers`; `base` are headers that it overrides. */
export function readHeaders(check: OptionsCheck, base: HeaderMap): HeaderSource {
  const headers = check.get("headers");
  if (typeof headers === "function") {
    const ask = headers as (request: RequestToSend) => unknown;
    return { areAsked: true, of: async (request) => ({ ...base, ...checkedAnswer(await ask(request)) }) };
  }
  if (headers === undefined) return always(base);
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) {
    check.add({
      path: check.path("headers"),
      reason: "type_mismatch",
      received: typeof headers === "string" ? "a string" : describeValue(headers),
      allowed: "a map of names to strings, or a function that answers one",
      fix: 'write { "x-api-key": "…" }',
    });
    return always(base);
  }
  const merged: Record<string, string> = { ...base };
  for (const [name, value] of Object.entries(headers)) {
    const issue = headerIssue(name, value);
    const path = TOKEN.test(name) ? `${check.path("headers")}.${name}` : check.path("headers");
    if (issue !== undefined) check.add({ path, ...issue });
    else merged[name.toLowerCase()] = value as string;
  }
  return always(merged);
}

function always(headers: HeaderMap): HeaderSource {
  return { areAsked: false, of: () => Promise.resolve(headers) };
}

function checkedAnswer(answer: unknown): HeaderMap {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries((answer ?? {}) as Record<string, unknown>)) {
    if (headerIssue(name, value) !== undefined) throw new TypeError("a bad header"); // told by the delivery
    checked[name.toLowerCase()] = value as string;
  }
  return checked;
}
