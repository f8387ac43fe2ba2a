import { ConfigError, type ConfigIssue, describeValue, type OptionsCheck } from "@dagstack/logger-core";

type HeaderMap = Readonly<Record<string, string>>;

/**
 * Headers of every request, or a function that is asked before each: for tokens that expire. What it throws, a rejection
 * or a bad header is tried again like an outage.
 */
export type HeadersOption = HeaderMap | (() => HeaderMap | Promise<HeaderMap>);

/** Asked before each request; names come in lower case. */
export type HeaderSource = () => Promise<HeaderMap>;

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

/** What is wrong with a header, or `undefined`. The value is not named: it may be a secret. */
export function headerIssue(name: string, value: unknown): Omit<ConfigIssue, "path"> | undefined {
  if (!TOKEN.test(name)) {
    return {
      reason: "validation_failed",
      received: `the header name ${describeValue(name)}`,
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
    const ask = headers as () => unknown;
    return async () => ({ ...base, ...checkedAnswer(await ask()) });
  }
  if (headers === undefined) return async () => base;
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) {
    check.add({
      path: check.path("headers"),
      reason: "type_mismatch",
      received: describeValue(headers).startsWith('"') ? "a string" : describeValue(headers),
      allowed: "a map of names to strings, or a function that answers one",
      fix: 'write { "x-api-key": "…" }',
    });
    return async () => base;
  }
  const merged: Record<string, string> = { ...base };
  for (const [name, value] of Object.entries(headers)) {
    const issue = headerIssue(name, value);
    if (issue !== undefined) check.add({ path: `${check.path("headers")}.${name}`, ...issue });
    else merged[name.toLowerCase()] = value as string;
  }
  return async () => merged;
}

function checkedAnswer(answer: unknown): HeaderMap {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries((answer ?? {}) as Record<string, unknown>)) {
    const issue = headerIssue(name, value);
    if (issue !== undefined) throw new ConfigError([{ path: "headers()", ...issue }], "OTLPSink");
    checked[name.toLowerCase()] = value as string;
  }
  return checked;
}

/** Reads `OTEL_EXPORTER_OTLP_HEADERS`: `name=value` pairs with commas between, values percent-encoded. @throws for others. */
export function parseHeaderList(text: string): HeaderMap {
  const headers: Record<string, string> = {};
  for (const pair of text.split(",")) {
    if (pair.trim() === "") continue;
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, at)).trim();
    const value = decodeURIComponent(pair.slice(at + 1).trim());
    if (headerIssue(name, value) !== undefined) throw new Error("a bad header");
    headers[name.toLowerCase()] = value;
  }
  return headers;
}
