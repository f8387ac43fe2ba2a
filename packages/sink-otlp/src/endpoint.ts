import { describeValue, type OptionsCheck } from "@dagstack/logger-core";

/** Where to send, taken apart. */
export interface Endpoint {
  /** What requests go to: with path, without user info and fragment. */
  readonly url: URL;
  /** The endpoint as it was configured, without user info and query: for ids (D-50). */
  readonly label: string;
  /** `authorization` made of the user info, if there was any. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Where collectors listen. */
export const DEFAULT_ENDPOINT = "http://localhost:4318";

const LOGS_PATH = "/v1/logs";

/**
 * Takes an endpoint apart; `undefined` when it is no http or https URL.
 *
 * @param exact whether its path is used as it is. Otherwise `/v1/logs` is appended unless it ends in that (§7.2).
 */
export function parseEndpoint(endpoint: string | URL, exact: boolean): Endpoint | undefined {
  let url: URL;
  let headers: Endpoint["headers"];
  try {
    url = new URL(endpoint);
    headers = basicAuthorization(url);
  } catch {
    return undefined; // the caller reports it
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  url.username = "";
  url.password = "";
  url.hash = "";
  const path = url.pathname.replace(/\/+$/, "");
  const label = `${url.origin}${path}`;
  if (!exact) url.pathname = path.endsWith(LOGS_PATH) ? path : `${path}${LOGS_PATH}`;
  return { url, label, headers };
}

/** Reads the option `endpoint`; `fallback` when it is not given. */
export function readEndpoint(check: OptionsCheck, fallback: Endpoint): Endpoint {
  const value = check.get("endpoint");
  if (value === undefined) return fallback;
  const parsed = typeof value === "string" || value instanceof URL ? parseEndpoint(value, false) : undefined;
  if (parsed !== undefined) return parsed;
  check.add({
    path: check.path("endpoint"),
    reason: typeof value === "string" || value instanceof URL ? "validation_failed" : "type_mismatch",
    received: describeEndpoint(value),
    allowed: "an http or https URL",
    fix: `use for example "${DEFAULT_ENDPOINT}"`,
  });
  return fallback;
}

/** An endpoint may hold credentials even where it cannot be parsed. */
function describeEndpoint(value: unknown): string {
  const text = value instanceof URL ? value.href : value;
  if (typeof text !== "string") return describeValue(value);
  return describeValue(text.replace(/^([^/]*\/\/)?[^/]*@/, "$1***@").replace(/\?.*$/s, "?***"));
}

function basicAuthorization({ username, password }: URL): Endpoint["headers"] {
  if (username === "" && password === "") return {};
  const bytes = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}
