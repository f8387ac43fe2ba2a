import { DEFAULT_SECRET_NAMES, SECRET_QUERY_NAMES } from "../generated/secret-names.ts";
import { MASKED_PLACEHOLDER } from "../generated/secret-suffixes.ts";
import { isSecretName, normalKey } from "./secret-names.ts";

const USER_INFO = /^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*@/i;

let queryNames: ReadonlySet<string> | undefined;

/** Whether the value under a name of a query must not be shown. Brackets and dots separate what names are made of. */
function isSecretParameter(name: string, isSecret: (key: string) => boolean): boolean {
  queryNames ??= new Set([...DEFAULT_SECRET_NAMES, ...SECRET_QUERY_NAMES]);
  for (const part of decoded(name).split(/[.[\]]+/)) {
    const key = normalKey(part);
    if (isSecretName(key, queryNames, true) || isSecret(key)) return true;
  }
  return false;
}

function decoded(name: string): string {
  let text = name.replaceAll("+", " ");
  try {
    // Twice: a name that is encoded once more is read by some servers, too.
    for (let time = 0; time < 2 && text.includes("%"); time++) text = decodeURIComponent(text);
  } catch {
    // No valid encoding: it is compared as far as it could be read.
  }
  return text;
}

/** A query, or a fragment that looks like one, with the values of secret names masked. */
export function safeQuery(query: string, isSecret: (key: string) => boolean): string {
  return query
    .split(/([&;])/)
    .map((part) => {
      const end = part.indexOf("=");
      return end >= 0 && isSecretParameter(part.slice(0, end), isSecret)
        ? `${part.slice(0, end)}=${MASKED_PLACEHOLDER}`
        : part;
    })
    .join("");
}

/**
 * A URL, whole or only a path, without user info and with the values of secret names masked, in its query as in its
 * fragment.
 *
 * @param isSecret names that are secret beside the usual ones.
 */
export function safeUrl(url: string, isSecret: (key: string) => boolean): string {
  const [before = "", ...rest] = url.replace(USER_INFO, "$1//").split(/(?=[?#])/);
  return before + rest.map((part) => (part[0] as string) + safeQuery(part.slice(1), isSecret)).join("");
}
