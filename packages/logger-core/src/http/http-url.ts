import { describeValue, type OptionsCheck } from "../options/index.ts";
import type { HeaderMap } from "./transport/index.ts";

/** Where to send, taken apart. */
export interface HttpTarget {
  /** What requests go to: without user info and fragment. */
  readonly url: URL;
  /** The URL as it was configured, without user info, query and what `path` added: for ids (D-50). */
  readonly label: string;
  /** `authorization` made of the user info, if there was any. */
  readonly headers: HeaderMap;
}

/**
 * Takes a URL apart; `undefined` when it is no http or https URL.
 *
 * @param path appended unless the URL's path ends in it; without one the URL is used as it is.
 */
export function parseHttpUrl(value: string | URL, path?: string): HttpTarget | undefined {
  let url: URL;
  let headers: HeaderMap;
  try {
    url = new URL(value);
    const credentials = basicCredentials(url);
    headers = credentials === undefined ? {} : { authorization: credentials };
  } catch {
    return undefined; // the caller reports it
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  url.username = "";
  url.password = "";
  url.hash = "";
  const base = url.pathname.replace(/\/+$/, "");
  const label = `${url.origin}${base}`;
  if (path !== undefined) url.pathname = base.endsWith(path) ? base : `${base}${path}`;
  return { url, label, headers };
}

/**
 * Reads an option that is a URL; `undefined` when it is missing or none, which has been added to the problems unless
 * `isOptional`. Nothing of what is refused is repeated: it may hold credentials wherever it went wrong.
 */
export function readHttpUrl(
  check: OptionsCheck,
  name: string,
  { path, example, isOptional = false }: { path?: string | undefined; example: string; isOptional?: boolean },
): HttpTarget | undefined {
  const value = check.get(name);
  if (value === undefined && isOptional) return undefined;
  const isUrl = typeof value === "string" || value instanceof URL;
  const parsed = isUrl ? parseHttpUrl(value, path) : undefined;
  if (parsed !== undefined) return parsed;
  check.add({
    path: check.path(name),
    reason: value === undefined ? "missing" : isUrl ? "validation_failed" : "type_mismatch",
    ...(value === undefined ? {} : { received: isUrl ? whatIsWrong(value) : describeValue(value) }),
    allowed: "an http or https URL",
    fix: `use for example "${example}"; percent-encode user name and password, or pass them as headers`,
  });
  return undefined;
}

/** Why a text is no URL of ours, without a piece of it. */
export function whatIsWrong(value: string | URL): string {
  if (!URL.canParse(String(value))) return "text that is no URL";
  const isHttp = /^https?:$/.test(new URL(value).protocol);
  return isHttp ? "a URL whose user info is not percent-encoded" : "a URL with another scheme";
}

/** What `Authorization: Basic` makes of a URL's user info. @throws URIError when it is not percent-encoded. */
export function basicCredentials({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const bytes = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
