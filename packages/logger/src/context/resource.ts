/** The resource: who is logging (§4.2). Environment variables and local facts only; nothing goes over the network. */
import type { Attributes, Resource } from "@dagstack/logger-core";
import { SDK_NAME, SDK_VERSION } from "../generated/version.ts";
import { builtinModule, currentProcess } from "../runtime/index.ts";

/** Facts about this process, so that tests can state them. */
export interface ResourceFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number | undefined;
  readonly hostName: string | undefined;
  /** `telemetry.sdk.language`. */
  readonly language: "nodejs" | "webjs";
}

/** What this runtime tells. */
export function detectFacts(): ResourceFacts {
  const node = currentProcess();
  return {
    env: node?.env ?? {},
    pid: node?.pid,
    hostName: hostName(),
    language: node === undefined ? "webjs" : "nodejs",
  };
}

function hostName(): string | undefined {
  try {
    return builtinModule<{ hostname(): string }>("node:os")?.hostname();
  } catch {
    return undefined; // the host has no readable name: the attribute is left out
  }
}

/** `OTEL_RESOURCE_ATTRIBUTES`: one entry that cannot be read discards them all, as OpenTelemetry asks. */
function parseResourceAttributes(list: string | undefined): Attributes {
  const entries: [string, string][] = [];
  for (const entry of (list ?? "").split(",")) {
    if (entry.trim() === "") continue;
    const separator = entry.indexOf("=");
    try {
      const key = decodeURIComponent(entry.slice(0, Math.max(0, separator)).trim());
      if (key === "") return {};
      entries.push([key, decodeURIComponent(entry.slice(separator + 1).trim())]);
    } catch {
      return {}; // a bad percent escape
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
): { readonly resource: Resource; readonly serviceNameMissing: boolean } {
  const { env, pid, hostName, language } = facts;
  const serviceName = env.OTEL_SERVICE_NAME;
  // Spread defines own properties, so a key called __proto__ stays data.
  const attributes: Attributes = {
    "telemetry.sdk.name": SDK_NAME,
    "telemetry.sdk.version": SDK_VERSION,
    "telemetry.sdk.language": language,
    ...(pid === undefined ? {} : { "process.pid": pid }),
    ...(hostName === undefined || hostName === "" ? {} : { "host.name": hostName }),
    ...parseResourceAttributes(env.OTEL_RESOURCE_ATTRIBUTES),
    ...(serviceName === undefined || serviceName === "" ? {} : { "service.name": serviceName }),
    ...configured,
  };
  if (attributes["service.name"] !== undefined) return { resource: freeze(attributes), serviceNameMissing: false };
  const unknown = language === "nodejs" ? "unknown_service:node" : "unknown_service";
  return { resource: freeze({ ...attributes, "service.name": unknown }), serviceNameMissing: true };
}

function freeze(attributes: Attributes): Resource {
  return Object.freeze({ attributes: Object.freeze(attributes) });
}
