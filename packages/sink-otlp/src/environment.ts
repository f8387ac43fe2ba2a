/** The OpenTelemetry environment variables that a log exporter honours (design §7). */
import {
  areCertificatesUsable,
  type Compression,
  type HeaderMap,
  type HttpTarget,
  headerIssue,
  parseHttpUrl,
  readCertificateFile,
  type TLSOptions,
  type Variables,
} from "@dagstack/logger-core/http";

/** How records are written. */
export type Protocol = "http/protobuf" | "http/json";

/** Where collectors listen, and the path of their intake (§7.2). */
export const DEFAULT_ENDPOINT = "http://localhost:4318";
export const LOGS_PATH = "/v1/logs";

/** What the environment says; what it does not say, or says badly, is `undefined`. */
export interface QueueEnvironment {
  readonly disabled: boolean;
  readonly flushIntervalMs: number | undefined;
  readonly queueSize: number | undefined;
  readonly batchSize: number | undefined;
}

export interface RequestEnvironment {
  readonly endpoint: HttpTarget | undefined;
  readonly protocol: Protocol | undefined;
  readonly headers: HeaderMap;
  readonly timeoutMs: number | undefined;
  readonly compression: Compression | undefined;
  readonly tls: TLSOptions | undefined;
}

const PROTOCOLS: readonly Protocol[] = ["http/protobuf", "http/json"];
const COMPRESSIONS: readonly Compression[] = ["none", "gzip"];
const MAX_MS = 2_147_483_647;

/**
 * Reads variables. One that cannot be used is ignored and named in `ignored`; its value is not, since it may hold
 * credentials.
 */
export class EnvironmentReader {
  /** Names of the variables that were ignored, with what they should hold. */
  readonly ignored: string[] = [];
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  queue(): QueueEnvironment {
    return {
      disabled: this.#text("OTEL_SDK_DISABLED")?.toLowerCase() === "true",
      flushIntervalMs: this.#wholeNumber("OTEL_BLRP_SCHEDULE_DELAY", 0, MAX_MS),
      queueSize: this.#wholeNumber("OTEL_BLRP_MAX_QUEUE_SIZE", 1),
      batchSize: this.#wholeNumber("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", 1),
    };
  }

  request(): RequestEnvironment {
    return {
      endpoint: this.#endpoint(),
      protocol: this.#first("PROTOCOL", (name) => this.#oneOf(name, PROTOCOLS)),
      headers: { ...this.#headers("OTEL_EXPORTER_OTLP_HEADERS"), ...this.#headers("OTEL_EXPORTER_OTLP_LOGS_HEADERS") },
      timeoutMs:
        this.#first("TIMEOUT", (name) => this.#wholeNumber(name, 1, MAX_MS)) ??
        this.#wholeNumber("OTEL_BLRP_EXPORT_TIMEOUT", 1, MAX_MS),
      compression: this.#first("COMPRESSION", (name) => this.#oneOf(name, COMPRESSIONS)),
      tls: this.#tls(),
    };
  }

  #text(name: string): string | undefined {
    const text = this.#variables[name]?.trim();
    return text === "" ? undefined : text;
  }

  /** The variable for logs goes before the one for all signals. */
  #first<T>(suffix: string, read: (name: string) => T | undefined): T | undefined {
    return read(`OTEL_EXPORTER_OTLP_LOGS_${suffix}`) ?? read(`OTEL_EXPORTER_OTLP_${suffix}`);
  }

  #ignore(name: string, wanted: string): undefined {
    this.ignored.push(`${name} (must be ${wanted})`);
    return undefined;
  }

  #oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.#text(name)?.toLowerCase();
    if (text === undefined) return undefined;
    return allowed.find((item) => item === text) ?? this.#ignore(name, allowed.join(" or "));
  }

  #wholeNumber(name: string, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.#text(name);
    if (text === undefined) return undefined;
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return number >= min && number <= max ? number : this.#ignore(name, `a whole number of at least ${min}`);
  }

  #endpoint(): HttpTarget | undefined {
    return (
      this.#endpointOf("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT") ?? this.#endpointOf("OTEL_EXPORTER_OTLP_ENDPOINT", LOGS_PATH)
    );
  }

  #endpointOf(name: string, path?: string): HttpTarget | undefined {
    const text = this.#text(name);
    if (text === undefined) return undefined;
    return parseHttpUrl(text, path) ?? this.#ignore(name, "an http or https URL");
  }

  #headers(name: string): HeaderMap {
    const text = this.#text(name);
    if (text === undefined) return {};
    try {
      return parseHeaderList(text);
    } catch {
      this.#ignore(name, "name=value pairs with commas between, values percent-encoded");
      return {};
    }
  }

  #tls(): TLSOptions | undefined {
    const ca = this.#first("CERTIFICATE", (name) => this.#certificate("ca", name));
    const cert = this.#first("CLIENT_CERTIFICATE", (name) => this.#certificate("cert", name));
    const key = this.#first("CLIENT_KEY", (name) => this.#certificate("key", name));
    const parts = [ca, ...(cert && key ? [cert, key] : [])].filter((part) => part !== undefined);
    if ((cert === undefined) !== (key === undefined)) {
      const [given, other] =
        cert === undefined ? ["CLIENT_KEY", "CLIENT_CERTIFICATE"] : ["CLIENT_CERTIFICATE", "CLIENT_KEY"];
      this.#ignore(`OTEL_EXPORTER_OTLP_${given}`, `accompanied by a usable ${other}`);
    }
    if (parts.length === 0) return undefined;
    if (areCertificatesUsable(Object.fromEntries(parts.map(({ part, text }) => [part, text])))) {
      return Object.fromEntries(parts.map(({ part, path }) => [`${part}File`, path]));
    }
    return this.#ignore("OTEL_EXPORTER_OTLP_[CLIENT_]CERTIFICATE and CLIENT_KEY", "valid, and belong together");
  }

  #certificate(part: "ca" | "cert" | "key", name: string): Certificate | undefined {
    const path = this.#text(name);
    if (path === undefined) return undefined;
    try {
      return { part, path, text: readCertificateFile(part, path) };
    } catch {
      return this.#ignore(name, "the path of a readable file in PEM");
    }
  }
}

interface Certificate {
  readonly part: "ca" | "cert" | "key";
  readonly path: string;
  readonly text: string;
}

/** Reads `OTEL_EXPORTER_OTLP_HEADERS`: `name=value` pairs with commas between, values percent-encoded. @throws for others. */
function parseHeaderList(text: string): HeaderMap {
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
