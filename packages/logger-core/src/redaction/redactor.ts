import { KeyPaths } from "./key-paths.ts";
import type { Pseudonyms } from "./pseudonyms.ts";
import { isSecretName, nameOf, normalKey } from "./secret-names.ts";
import { maskSecretText, maskSecretValue } from "./value-patterns.ts";

/** Makes of a value what is to be logged in its place; by the key that it stands under. */
export type Serializer = (value: unknown) => unknown;

/** What a redactor goes by. */
export interface RedactionRules {
  /** Lower case: keys that end in one are secret (§10.1). */
  readonly suffixes: readonly string[];
  /** As `nameOf` makes them: keys whose last segment is one are secret. */
  readonly names?: readonly string[] | undefined;
  /** Whether a key is also judged by its last word, and made normal before it is compared. Default: no. */
  readonly byWords?: boolean | undefined;
  /** Whether lists and maps that hold a name and its value are masked, too. Default: no. */
  readonly masksPairs?: boolean | undefined;
  /** Whether keys inside a structured body are masked, too. Default: no. */
  readonly masksBodies?: boolean | undefined;
  /** Whether what looks like a secret is masked wherever it stands. Default: no. */
  readonly masksValues?: boolean | undefined;
  readonly paths?: KeyPaths | undefined;
  readonly pseudonyms?: readonly PseudonymRule[] | undefined;
  readonly serializers?: ReadonlyMap<string, Serializer> | undefined;
}

/** Which keys have pseudonyms for values, and how those are made. */
export interface PseudonymRule {
  /** As `nameOf` makes them, wherever they stand. */
  readonly names: ReadonlySet<string>;
  readonly paths: KeyPaths;
  readonly pseudonyms: Pseudonyms;
}

/** What is to be done with values under a key. */
export type KeyKind = 0 | 1 | 2 | 3 | 4;
/** They are logged as they are. */
export const KEEP = 0;
/** They are masked and not read. */
export const MASK = 1;
/** They may name what another member of the map holds. */
export const NAME = 2;
/** They are masked where such a name is one of a secret. */
export const VALUE = 3;
/** It takes a closer look. */
export const LOOK = 4;

/** A kind, and for `LOOK` why. */
export interface KeyRule {
  readonly kind: KeyKind;
  /** Whether it is, or is also, what `NAME` and `VALUE` say. */
  readonly isName: boolean;
  readonly isValue: boolean;
  /** Whether it depends on the path. */
  readonly onPath: boolean;
  readonly serializer: Serializer | undefined;
}

const ruleOf = (kind: KeyKind): KeyRule => ({
  kind,
  isName: kind === NAME,
  isValue: kind === VALUE,
  onPath: false,
  serializer: undefined,
});
const RULES: readonly KeyRule[] = /* @__PURE__ */ [KEEP, MASK, NAME, VALUE].map((kind) => ruleOf(kind as KeyKind));

const MAX_CACHED_KEYS = 4096;
const MAX_CACHED_NAMES = 1024;
const MAX_CACHED_KEY_LENGTH = 128;
/** Names stand at the end of a key; of a longer one the rest is not looked at. */
const MAX_JUDGED_LENGTH = 512;
const NAME_KEYS = new Set(["name", "key", "header"]);
const VALUE_KEYS = new Set(["value", "values"]);
/** Under such keys lists have names and values by turns. */
const HEADER_LIST = /(?:headers?|trailers)$/i;

/** Decides what is masked, by one immutable set of rules. What was decided of a key is remembered. */
export class Redactor {
  /** The suffixes in force, lower case. */
  readonly suffixes: readonly string[];
  /** The names in force, lower case, without `-` and `_`. */
  readonly names: readonly string[];
  /** Whether keys inside a structured body are masked too. */
  readonly masksBodies: boolean;
  /** Whether what looks like a secret is masked wherever it stands. */
  readonly masksValues: boolean;
  readonly #rules: RedactionRules;
  readonly #names: ReadonlySet<string>;
  readonly #paths: KeyPaths;
  readonly #known = new Map<string, KeyRule>();
  readonly #knownNames = new Map<string, boolean>();
  #forBuilt: Redactor | undefined;

  constructor(rules: RedactionRules) {
    this.#rules = rules;
    this.suffixes = Object.freeze([...rules.suffixes]);
    this.names = Object.freeze([...(rules.names ?? [])]);
    this.masksBodies = rules.masksBodies === true;
    this.masksValues = rules.masksValues === true;
    this.#names = new Set(this.names);
    this.#paths = rules.paths ?? new KeyPaths([]);
  }

  /** Whether nothing at all is masked. */
  get masksNothing(): boolean {
    return this.suffixes.length === 0 && this.names.length === 0 && this.#paths.isEmpty && !this.masksValues;
  }

  /** These rules for what was built under others: it is masked further, and not made something else once more. */
  get forBuilt(): Redactor {
    this.#forBuilt ??= new Redactor({ ...this.#rules, serializers: undefined });
    return this.#forBuilt;
  }

  /** These rules and those of another. */
  with(other: Redactor): Redactor {
    const [a, b] = [this.#rules, other.#rules];
    return new Redactor({
      suffixes: [...new Set([...this.suffixes, ...other.suffixes])],
      names: [...new Set([...this.names, ...other.names])],
      byWords: a.byWords === true || b.byWords === true,
      masksPairs: a.masksPairs === true || b.masksPairs === true,
      masksBodies: this.masksBodies || other.masksBodies,
      masksValues: this.masksValues || other.masksValues,
      paths: this.#paths.with(other.#paths),
      pseudonyms: [...(a.pseudonyms ?? []), ...(b.pseudonyms ?? [])],
      serializers: new Map([...(a.serializers ?? []), ...(b.serializers ?? [])]),
    });
  }

  /** Whether values are converted: then what was built must not be built again. */
  get converts(): boolean {
    return (this.#rules.pseudonyms ?? []).length > 0 || (this.#rules.serializers?.size ?? 0) > 0;
  }

  /** Whether the value under `key` must be masked without being read (§10.1), wherever the key stands. */
  isSecret(key: string): boolean {
    return this.ruleOf(key).kind === MASK;
  }

  /** What is to be done with values under `key`. */
  ruleOf(key: string): KeyRule {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#judge(key);
    if (key.length <= MAX_CACHED_KEY_LENGTH && this.#known.size < MAX_CACHED_KEYS) this.#known.set(key, found);
    return found;
  }

  /** Whether a path ends here. */
  isSecretAt(parents: readonly string[], key: string): boolean {
    return this.#paths.has(parents, key);
  }

  /** Whether paths may end at items of lists. */
  get hasItemPaths(): boolean {
    return this.#paths.hasItems;
  }

  /** Whether a path goes on to items of the list that stands here. */
  hasSecretItems(parents: readonly string[], key: string): boolean {
    return this.#paths.goesOn(parents, key);
  }

  /** What is logged in place of a value, by the rule of its key and where it stands. */
  converted(value: unknown, parents: readonly string[], key: string, { onPath, serializer }: KeyRule): unknown {
    if (onPath) {
      for (const { names, paths, pseudonyms } of this.#rules.pseudonyms ?? []) {
        if (names.has(nameOf(key)) || paths.has(parents, key)) return pseudonyms.of(value);
      }
    }
    return serializer === undefined ? value : serializer(value);
  }

  /** Whether a list holds names and values by turns: two items, or the headers of a message. */
  isPaired(length: number, key: string): boolean {
    if (this.#rules.masksPairs !== true || length % 2 !== 0) return false;
    return length === 2 || (length > 2 && HEADER_LIST.test(key));
  }

  /** Whether a value is the name of a secret that stands beside it. */
  namesSecret(value: unknown): boolean {
    if (typeof value !== "string" || value.length > MAX_CACHED_KEY_LENGTH) return false;
    let isSecret = this.#knownNames.get(value);
    if (isSecret === undefined) {
      isSecret = this.#judge(value).kind === MASK;
      if (this.#knownNames.size >= MAX_CACHED_NAMES) this.#knownNames.clear();
      this.#knownNames.set(value, isSecret);
    }
    return isSecret;
  }

  /** A text with what looks like a secret masked, where that is wanted. */
  text(text: string): string {
    return this.masksValues ? maskSecretText(text) : text;
  }

  /** Likewise a value that holds no others. */
  scalar(value: unknown): unknown {
    return this.masksValues ? maskSecretValue(value) : value;
  }

  #judge(key: string): KeyRule {
    const { byWords = false, masksPairs = false, pseudonyms = [], serializers } = this.#rules;
    const lower = key.toLowerCase();
    const isMore = byWords || this.#names.size > 0;
    const normal = isMore ? normalKey(key.slice(-MAX_JUDGED_LENGTH)) : "";
    const usual = normal.toLowerCase();
    if (this.suffixes.some((suffix) => lower.endsWith(suffix) || (isMore && usual.endsWith(suffix))))
      return kindRule(MASK);
    if (isMore && isSecretName(normal, this.#names, byWords)) return kindRule(MASK);
    const onPath =
      this.#paths.mayEndAt(key) || pseudonyms.some(({ names, paths }) => names.has(nameOf(key)) || paths.mayEndAt(key));
    const serializer = serializers?.get(key);
    const isName = masksPairs && NAME_KEYS.has(lower);
    const isValue = masksPairs && VALUE_KEYS.has(lower);
    if (onPath || serializer !== undefined) return { kind: LOOK, isName, isValue, onPath, serializer };
    return kindRule(isName ? NAME : isValue ? VALUE : KEEP);
  }
}

function kindRule(kind: KeyKind): KeyRule {
  return RULES[kind] as KeyRule;
}
