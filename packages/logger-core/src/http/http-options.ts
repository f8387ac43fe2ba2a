import { platform } from "#http-platform";
import type { BatchingSinkSettings } from "../delivery/index.ts";
import { describeValue, OptionsCheck } from "../options/index.ts";
import type { LogRecord } from "../record/index.ts";
import { type HeaderSource, type HeadersOption, readHeaders } from "./headers.ts";
import { type HttpTarget, readHttpUrl } from "./http-url.ts";
import { processOptions, processVariables } from "./process-variables.ts";
import { environmentProxy, type ProxyOption, readProxy } from "./proxy.ts";
import { readTLS, type TLSOptions } from "./tls.ts";
import type { HeaderMap, ProxySettings, TLSSettings } from "./transport/index.ts";

/** How a body is compressed. */
export type Compression = "none" | "gzip";

/** How requests are made: the options that all HTTP sinks share. */
export interface HttpRequestOptions {
  /** Sent with each request: a map, or a function that is asked before each. Never in ids or diagnostics. */
  readonly headers?: HeadersOption | undefined;
  /** Default `"none"`. */
  readonly compression?: Compression | undefined;
  /** How long one attempt may take, a headers function included. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Certificates; under Node, with an https URL. Default: the system's authorities. */
  readonly tls?: TLSOptions | undefined;
  /** A proxy to go through; under Node. */
  readonly proxy?: ProxyOption | undefined;
  /** Send with this in place of `node:http` or the global `fetch`. Certificates and proxies are its business then. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * The largest body that is sent, in bytes before compression: a batch above is split, a record above it alone is
   * counted (`record_too_large`) and never sent. Default: what the destination is known to take, if anything.
   */
  readonly maxRequestBytes?: number | undefined;
}

/** What an HTTP sink offers to its users: how requests are made, and the queue before them. */
export interface HttpUserOptions
  extends HttpRequestOptions,
    Pick<
      BatchingSinkSettings<LogRecord>,
      | "minSeverity"
      | "queueSize"
      | "queueBytes"
      | "batchSize"
      | "batchBytes"
      | "flushIntervalMs"
      | "overflow"
      | "retry"
      | "closeTimeoutMs"
      | "deadLetter"
    > {
  /** Where to send. User info becomes an `authorization` header. */
  readonly url: string | URL;
  /** Name in diagnostics and metrics. Default: what sink it is and the URL, without user info and query. */
  readonly id?: string | undefined;
}

/** The names of `HttpRequestOptions`. */
export const HTTP_REQUEST_OPTIONS: readonly string[] = [
  "headers",
  "compression",
  "timeoutMs",
  "tls",
  "proxy",
  "fetch",
  "maxRequestBytes",
];

/** The names of `HttpUserOptions`, for an `OptionsCheck` of a sink's own. */
export const HTTP_USER_OPTIONS: readonly string[] = [
  "url",
  "id",
  ...HTTP_REQUEST_OPTIONS,
  "minSeverity",
  "queueSize",
  "queueBytes",
  "batchSize",
  "batchBytes",
  "flushIntervalMs",
  "overflow",
  "retry",
  "closeTimeoutMs",
  "deadLetter",
];

/** Options of requests, read and checked. */
export interface HttpRequestSettings {
  readonly headers: HeaderSource;
  readonly compression: Compression;
  readonly timeoutMs: number;
  readonly tls: TLSSettings | undefined;
  readonly proxy: ProxySettings | undefined;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly maxRequestBytes: number;
  /** Variables of the environment that cannot be used. */
  readonly ignoredVariables: readonly string[];
}

/** What holds where an option is not given. */
export interface HttpRequestDefaults {
  /** Those of the user go over them, by name. Names in lower case. */
  readonly headers?: HeaderMap;
  readonly compression?: Compression | undefined;
  readonly timeoutMs?: number | undefined;
  /** For https URLs; must be usable. */
  readonly tls?: TLSOptions | undefined;
  /** What the destination is known to take. */
  readonly maxRequestBytes?: number | undefined;
}

const MAX_TIMER_MS = 2_147_483_647;

/**
 * Reads `url` and the options of requests from the options of an HTTP sink; problems go to `check`, so that a sink with
 * options of its own can tell all of them at once.
 *
 * @param path appended to the URL unless it ends in it.
 */
export function checkHttpOptions(
  check: OptionsCheck,
  path?: string,
  defaults?: HttpRequestDefaults,
): { readonly target: HttpTarget | undefined; readonly request: HttpRequestSettings } {
  const target = readHttpUrl(check, "url", { path, example: "https://logs.example" });
  return { target, request: readRequestOptions(check, target, defaults) };
}

/** Reads the options of requests that go to `target`, which is missing where it could not be read. */
export function readRequestOptions(
  check: OptionsCheck,
  target: HttpTarget | undefined,
  defaults: HttpRequestDefaults = {},
): HttpRequestSettings {
  const fetch = check.get("fetch");
  if (fetch !== undefined && typeof fetch !== "function") {
    const received = describeValue(fetch);
    check.add({ path: check.path("fetch"), reason: "type_mismatch", received, allowed: "a function" });
  }
  refuseBesideFetch(check, "tls", "certificates");
  refuseBesideFetch(check, "proxy", "proxies");
  const proxy = readProxies(check, target);
  const isSecure = target?.url.protocol !== "http:";
  return {
    headers: readHeaders(check, { ...defaults.headers, ...target?.headers }),
    compression: check.oneOf("compression", ["none", "gzip"], defaults.compression ?? "none"),
    timeoutMs: check.integer("timeoutMs", {
      min: 1,
      max: MAX_TIMER_MS,
      default: defaults.timeoutMs ?? 10_000,
      unit: "milliseconds",
    }),
    tls: readTLS(check, isSecure) ?? (isSecure && fetch === undefined ? readDefaultTLS(defaults.tls) : undefined),
    proxy: proxy.proxy,
    fetch: fetch as typeof globalThis.fetch | undefined,
    maxRequestBytes: check.integer("maxRequestBytes", {
      min: 1,
      default: defaults.maxRequestBytes ?? Number.MAX_SAFE_INTEGER,
      unit: "bytes",
    }),
    ignoredVariables: proxy.ignored === undefined ? [] : [proxy.ignored],
  };
}

function readDefaultTLS(tls: TLSOptions | undefined): TLSSettings | undefined {
  if (tls === undefined || platform.connections === undefined) return undefined;
  return readTLS(new OptionsCheck("defaults", { tls }, ["tls"]), true);
}

function refuseBesideFetch(check: OptionsCheck, name: string, what: string): void {
  if (check.get("fetch") === undefined || check.get(name) === undefined) return;
  check.add({
    path: check.path(name),
    reason: "validation_failed",
    received: `${name} beside fetch`,
    allowed: `one of them: ${what} are the business of your fetch`,
    fix: "remove one",
  });
}

function readProxies(
  check: OptionsCheck,
  target: HttpTarget | undefined,
): { readonly proxy: ProxySettings | undefined; readonly ignored?: string } {
  const given = readProxy(check);
  if (given !== undefined && given !== false && platform.connections === undefined) {
    check.add({
      path: check.path("proxy"),
      reason: "validation_failed",
      received: "a proxy where the platform chooses it",
      allowed: "proxy under Node only",
      fix: "remove proxy",
    });
  }
  if (given !== undefined || target === undefined || check.get("fetch") !== undefined)
    return { proxy: given || undefined };
  if (platform.connections === undefined) return { proxy: undefined };
  return environmentProxy(target.url, processVariables(), processOptions());
}
