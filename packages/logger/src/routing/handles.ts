import type { CoercionReport } from "@dagstack/logger-core";
import type { ContextSource } from "../context/index.ts";
import { instrumentationScope, scopeIdentity } from "../record/index.ts";
import { processRegistry, type Registry } from "../registry/index.ts";
import { reportMalformed, reportOnce } from "../reporting/index.ts";
import type { Emitter } from "./emit.ts";
import { Routing } from "./routing.ts";

const AMBIENT: ContextSource = { kind: "ambient" };

/** The handles that `Logger.get` made: one for each name and version, unless it has attributes of its own. */
export class Handles<H> {
  readonly #byScope = new Map<string, H>();

  get(name: unknown, version: unknown, attributes: unknown, make: (emitter: Emitter, routing: Routing) => H): H {
    const registry = processRegistry();
    const named = scopeIdentity(name, version);
    const key = JSON.stringify([named.name, named.version]);
    const known = attributes === undefined ? this.#byScope.get(key) : undefined;
    if (known !== undefined) return known;
    const emitter = emitterOf(registry, named, attributes);
    const handle = make(emitter, new Routing(registry, emitter.identity.node, null, null));
    if (attributes === undefined) this.#byScope.set(key, handle);
    return handle;
  }
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
