import { SECRET_LAST_PAIRS, SECRET_LAST_WORDS } from "../generated/secret-names.ts";

const PRINTABLE = /^[\x21-\x7e]*$/;
/** Invisible characters, which could stand inside a name without being seen. */
const UNSEEN = /[\p{Cf}\p{Cc}]/gu;
const BETWEEN_SEGMENTS = /[.[\]/:]+/;
const FILLING = /[-_\s]+/g;
/** Words of camelCase, snake_case and kebab-case: `APIKey2` has `API`, `Key` and `2`. */
const WORDS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}]+|\p{N}+/gu;

/** A key without what is not seen and in its usual characters, so that full-width and zero-width ones hide nothing. */
export function normalKey(key: string): string {
  return PRINTABLE.test(key) ? key : key.normalize("NFKC").replace(UNSEEN, "").trim();
}

/** A name as names are compared: lower case, without `-`, `_` and blanks. */
export function nameOf(text: string): string {
  return text.toLowerCase().replace(FILLING, "");
}

function lastWords(segment: string): readonly string[] {
  const words = segment.match(WORDS) ?? [];
  while (words.length > 1 && /^\p{N}+$/u.test(words[words.length - 1] as string)) words.pop();
  return words.slice(-2).map((word) => word.toLowerCase());
}

/** Whether the last words of a name say that it is a secret: `githubToken`, `STRIPE_API_KEY`; not `tokenCount`. */
function endsSecretly(segment: string, name: string): boolean {
  const end = name.replace(/\p{N}+$/u, "");
  // Almost no name gets further than this.
  const byWord = SECRET_LAST_WORDS.some((word) => end.endsWith(word));
  if (!byWord && !SECRET_LAST_PAIRS.some((pair) => end.endsWith(pair))) return false;
  const words = lastWords(segment);
  const last = words[words.length - 1] ?? "";
  return SECRET_LAST_WORDS.some((word) => last.endsWith(word)) || SECRET_LAST_PAIRS.includes(words.join(""));
}

/** Whether a normal key is called like a secret: its last dotted segment is one of the names, or ends like one. */
export function isSecretName(key: string, names: ReadonlySet<string>, byWords: boolean): boolean {
  let last = key;
  if (BETWEEN_SEGMENTS.test(key)) {
    if (names.has(nameOf(key))) return true; // a few names have dots themselves
    last = key.split(BETWEEN_SEGMENTS).findLast((segment) => segment !== "") ?? "";
  }
  const name = nameOf(last);
  return names.has(name) || (byWords && endsSecretly(last, name));
}
