/** How a batch is laid out in one OTLP request: by resource, then by scope (§1.6). */
import type { InstrumentationScope, LogRecord, Resource } from "../../record/index.ts";
import type { Attributes } from "../../value/index.ts";
import { canonicalString } from "../encoder/index.ts";
import { keyValuesJson } from "./otlp-json-value.ts";

/** The records of one scope within one resource. */
export interface ScopeGroup {
  readonly scope: InstrumentationScope;
  readonly records: LogRecord[];
}

/** The records of one resource. Its attributes may be empty, which the encoders write as no resource at all. */
export interface ResourceGroup {
  readonly attributes: Attributes;
  readonly scopes: ScopeGroup[];
}

const NO_ATTRIBUTES: Attributes = Object.freeze({});

/** The records grouped by resource, then scope, both by content and in order of first appearance (§1.6). */
export function groupForOtlp(records: readonly LogRecord[]): ResourceGroup[] {
  const groups: ResourceGroup[] = [];
  const resources = new ContentIndex<Resource | null, ResourceIndex>();
  for (const record of records) {
    const { resource, instrumentationScope: scope } = record;
    const index = resources.get(resource, resourceKey, () => {
      const group = { attributes: resource?.attributes ?? NO_ATTRIBUTES, scopes: [] };
      groups.push(group);
      return { group, scopes: new ContentIndex() };
    });
    const scopeGroup = index.scopes.get(scope, scopeKey, () => {
      const group = { scope, records: [] };
      index.group.scopes.push(group);
      return group;
    });
    scopeGroup.records.push(record);
  }
  return groups;
}

interface ResourceIndex {
  readonly group: ResourceGroup;
  readonly scopes: ContentIndex<InstrumentationScope, ScopeGroup>;
}

// Keys are OTLP text rather than canonical JSON: there a bigint and a number of the same digits can differ in value.
function resourceKey(resource: Resource | null): string {
  return keyValuesJson(resource?.attributes ?? NO_ATTRIBUTES);
}

function scopeKey(scope: InstrumentationScope): string {
  return `${canonicalString(scope.name)}${canonicalString(scope.version ?? "")}${keyValuesJson(scope.attributes)}`;
}

/** Finds an entry by the identity of its key, which records of one process share, else by the key's content. */
class ContentIndex<Key, Entry> {
  readonly #byIdentity = new Map<Key, Entry>();
  readonly #byContent = new Map<string, Entry>();

  get(key: Key, contentOf: (key: Key) => string, create: () => Entry): Entry {
    const known = this.#byIdentity.get(key);
    if (known !== undefined) return known;
    const content = contentOf(key);
    const entry = this.#byContent.get(content) ?? create();
    this.#byContent.set(content, entry);
    this.#byIdentity.set(key, entry);
    return entry;
  }
}
