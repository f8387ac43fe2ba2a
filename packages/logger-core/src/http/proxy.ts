import { describeValue, type OptionsCheck } from "../options/index.ts";
import { basicCredentials, whatIsWrong } from "./http-url.ts";
import type { Variables } from "./process-variables.ts";
import type { ProxySettings } from "./transport/index.ts";

/**
 * An http or https proxy, whose user info becomes `Proxy-Authorization`; `false` for none. Default: that of the
 * environment where Node is told to use it (`NODE_USE_ENV_PROXY=1` or `--use-env-proxy`).
 */
export type ProxyOption = string | URL | false;

/** What the environment says about proxies. */
export interface EnvironmentProxy {
  readonly proxy: ProxySettings | undefined;
  /** The variable that could not be used; its value is not named, since it may hold credentials. */
  readonly ignored?: string;
}

/** Reads the option `proxy`: `undefined` when it is not given, `false` for no proxy. */
export function readProxy(check: OptionsCheck): ProxySettings | false | undefined {
  const value = check.get("proxy");
  if (value === undefined || value === false) return value;
  const isUrl = typeof value === "string" || value instanceof URL;
  const proxy = isUrl ? parseProxy(value) : undefined;
  if (proxy !== undefined) return proxy;
  check.add({
    path: check.path("proxy"),
    reason: isUrl ? "validation_failed" : "type_mismatch",
    received: isUrl ? whatIsWrong(value) : describeValue(value),
    allowed: "an http or https URL, or false for no proxy",
    fix: 'use for example "http://proxy.example:3128", with percent-encoded user name and password if it wants them',
  });
  return undefined;
}

/**
 * The proxy that Node's own clients would use for this URL: `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in small letters
 * first, and only where Node is told to look at them.
 */
export function environmentProxy(target: URL, variables: Variables, nodeOptions: readonly string[]): EnvironmentProxy {
  if (variables.NODE_USE_ENV_PROXY !== "1" && !nodeOptions.includes("--use-env-proxy")) return { proxy: undefined };
  const name = target.protocol === "https:" ? "https_proxy" : "http_proxy";
  const variable = variables[name] ? name : name.toUpperCase();
  const text = variables[variable];
  if (!text || isExcepted(target, variables.no_proxy || variables.NO_PROXY || "")) return { proxy: undefined };
  const proxy = parseProxy(text);
  return proxy === undefined ? { proxy, ignored: `${variable} (must be an http or https URL)` } : { proxy };
}

function parseProxy(value: string | URL): ProxySettings | undefined {
  try {
    const url = new URL(value);
    if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    const authorization = basicCredentials(url);
    url.username = "";
    url.password = "";
    return { url, authorization };
  } catch {
    return undefined; // the caller reports it, without the text
  }
}

/** As Node 24 reads `NO_PROXY`. */
function isExcepted(target: URL, list: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const withPort = `${host}:${target.port || (target.protocol === "https:" ? "443" : "80")}`;
  return list.split(",").some((item) => {
    const entry = item.trim().toLowerCase();
    if (entry === "*" || entry === host || entry === withPort) return true;
    if (entry.startsWith(".")) return host === entry.slice(1) || host.endsWith(entry);
    if (entry.startsWith("*.")) return host.endsWith(entry.slice(1));
    const [from, to] = entry.split("-").map((address) => addressNumber(address.trim()));
    const own = addressNumber(host);
    return from !== undefined && to !== undefined && own !== undefined && own >= from && own <= to;
  });
}

/** An IPv4 address as a number. */
function addressNumber(text: string): number | undefined {
  const parts = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split(".").map(Number) : [];
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}
