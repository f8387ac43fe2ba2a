import type { CoercionReport } from "@dagstack/logger-core";
import type { ContextSource } from "../context/index.ts";
import { instrumentationScope, scopeIdentity } from "../record/index.ts";
import { processRegistry, type Registry } from "../registry/index.ts";
import { reportMalformed, reportOnce } from "../reporting/index.ts";
import type { Emitter } from "./emit.ts";
import { Routing } from "./routing.ts";

const AMBIENT: ContextSource = { kind: "ambient" };

const byScope = /* @__PURE__ */ new Map<string, unknown>();

/** The handle of a name and version: the same each time, unless it has attributes of its own. */
export function handleNamed<H>(
  name: unknown,
  version: unknown,
  attributes: unknown,
  make: (emitter: Emitter, routing: Routing) => H,
): H {
  const named = scopeIdentity(name, version);
  const key = JSON.stringify([named.name, named.version]);
  const known = attributes === undefined ? (byScope.get(key) as H | undefined) : undefined;
  if (known !== undefined) return known;
  const registry = processRegistry();
  const emitter = emitterOf(registry, named, attributes);
  const handle = make(emitter, new Routing(registry, emitter.identity.node, null, null));
  if (attributes === undefined) keep(key, handle, emitter);
  return handle;
}

/** So many names and versions are told of, once: each takes about a kilobyte, for as long as the process runs. */
const MANY_HANDLES = 10_000;
const MANY = `${MANY_HANDLES} names and versions of loggers are kept: what varies belongs into attributes`;

function keep(key: string, handle: unknown, { identity: { registry, node } }: Emitter): void {
  byScope.set(key, handle);
  if (byScope.size === MANY_HANDLES) reportMalformed(registry, node, MANY, "");
}

const STRAY = "called without its logger";

/**
 * The handle that a method was called on, or that the object inherits from. Reported once where there is none, as with
 * `promise.catch(log.error)` or behind a Proxy.
 */
export function handleBehind<H>(self: unknown, isHandle: (value: object) => value is object & H): H | undefined {
  try {
    for (let at = self; typeof at === "object" && at !== null; at = Object.getPrototypeOf(at)) {
      if (isHandle(at)) return at;
    }
  } catch {
    // a Proxy that does not tell: reported below like everything that is no handle
  }
  const registry = processRegistry();
  reportMalformed(registry, registry.nodes.get(""), STRAY, "");
  return undefined;
}

/** Who logs under a name. A secret-looking key of the scope is reported once. */
function emitterOf(
  registry: Registry,
  named: { readonly name: string; readonly version: string | null },
  attributes: unknown,
): Emitter {
  const scope = instrumentationScope(named, attributes);
  for (const key of Object.keys(scope.attributes)) {
    if (registry.configuration.redactor.isSecret(key))
      reportOnce(registry, { event: "resource_secret", attributePath: key });
  }
  const node = registry.nodes.get(scope.name);
  node.hasLogger = true;
  const report: CoercionReport = (kind, path, type) => reportMalformed(registry, node, kind, path, type);
  return { identity: { registry, node, scope, report }, bound: null, contextSource: AMBIENT, block: null };
}
