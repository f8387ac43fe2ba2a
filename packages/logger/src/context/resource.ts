/** The resource: who is logging (§4.2). Environment variables and local facts only; nothing goes over the network. */
import { type Attributes, describeError, type Resource, type Value } from "@dagstack/logger-core";
import { SDK_NAME, SDK_VERSION } from "../generated/version.ts";
import { builtinModule, currentProcess } from "../runtime/index.ts";

/** Something about the resource that somebody should know. */
export interface ResourceIssue {
  /** The attribute or environment variable concerned. */
  readonly attributePath: string;
  readonly reason: string;
}

/** Facts about this process, so that tests can state them. */
export interface ResourceFacts {
  readonly serviceName: string | undefined;
  /** `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly attributes: string | undefined;
  readonly pid: number | undefined;
  readonly hostName: string | undefined;
  /** `telemetry.sdk.language`. */
  readonly language: "nodejs" | "webjs";
  /** What the runtime refused to tell, as Deno does without a permission. */
  readonly issues: readonly ResourceIssue[];
}

/** What this runtime tells. */
export function detectFacts(): ResourceFacts {
  const node = currentProcess();
  const refused: string[] = [];
  let why = "";
  const read = <T>(name: string, fact: () => T): T | undefined => {
    try {
      return fact();
    } catch (error) {
      refused.push(name);
      why = describeError(error).type;
      return undefined;
    }
  };
  const facts = {
    serviceName: read("OTEL_SERVICE_NAME", () => node?.env?.OTEL_SERVICE_NAME),
    attributes: read("OTEL_RESOURCE_ATTRIBUTES", () => node?.env?.OTEL_RESOURCE_ATTRIBUTES),
    pid: read("process.pid", () => node?.pid),
    hostName: read("host.name", () => builtinModule<{ hostname(): string }>("node:os")?.hostname()),
    language: node === undefined ? ("webjs" as const) : ("nodejs" as const),
  };
  const reason = `the runtime refuses to tell (${why}): allow it, or configure({ resource: { … } })`;
  return { ...facts, issues: refused.length === 0 ? [] : [{ attributePath: refused.join(", "), reason }] };
}

/**
 * `OTEL_RESOURCE_ATTRIBUTES`: one entry that cannot be read discards them all, as OpenTelemetry asks. What an entry holds
 * is not repeated: it may be a secret.
 */
function parseResourceAttributes(list: string | undefined, issues: ResourceIssue[]): Attributes {
  const entries: [string, string][] = [];
  const texts = (list ?? "").split(",");
  for (const [index, entry] of texts.entries()) {
    if (entry.trim() === "") continue;
    const separator = entry.indexOf("=");
    try {
      const key = decodeURIComponent(entry.slice(0, Math.max(0, separator)).trim());
      if (key === "") throw new URIError("no key");
      entries.push([key, decodeURIComponent(entry.slice(separator + 1).trim())]);
    } catch {
      issues.push({
        attributePath: "OTEL_RESOURCE_ATTRIBUTES",
        reason: `discarded: entry ${index + 1} of ${texts.length} is not key=value with % escapes of two hex digits (% itself is %25)`,
      });
      return {};
    }
  }
  return Object.fromEntries(entries);
}

/**
 * The resource of this process: detection, overlaid by the environment, overlaid by the configuration, key by key (D-32).
 * A missing `service.name` becomes `unknown_service:node`.
 */
export function assembleResource(
  configured: Attributes,
  facts: ResourceFacts,
): {
  readonly resource: Resource;
  readonly serviceNameMissing: boolean;
  readonly issues: readonly ResourceIssue[];
} {
  const { serviceName, pid, hostName, language } = facts;
  const issues = [...facts.issues];
  // Spread defines own properties, so a key called __proto__ stays data.
  const attributes: { [key: string]: Value } = {
    "telemetry.sdk.name": SDK_NAME,
    "telemetry.sdk.version": SDK_VERSION,
    "telemetry.sdk.language": language,
    ...(pid === undefined ? {} : { "process.pid": pid }),
    ...(hostName === undefined || hostName === "" ? {} : { "host.name": hostName }),
    ...parseResourceAttributes(facts.attributes, issues),
    ...(serviceName === undefined || serviceName === "" ? {} : { "service.name": serviceName }),
    ...configured,
  };
  const serviceNameMissing = attributes["service.name"] === undefined;
  if (serviceNameMissing)
    attributes["service.name"] = language === "nodejs" ? "unknown_service:node" : "unknown_service";
  const resource = Object.freeze({ attributes: Object.freeze(attributes) });
  return { resource, serviceNameMissing, issues };
}
