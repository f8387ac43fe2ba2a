/**
 * A sink id without what an endpoint may hold of secrets: user info, query and fragment of a URL in it (§7.1, D-50).
 * Ids appear in diagnostics and metric labels. An id without a URL comes back as it is.
 */
export function publicSinkId(id: string): string {
  const scheme = id.indexOf("://");
  if (scheme === -1) return id;
  const start = scheme + 3;
  const pathStart = id.slice(start).search(/[/?#]/);
  const authorityEnd = pathStart === -1 ? id.length : start + pathStart;
  const authority = id.slice(start, authorityEnd);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const path = id.slice(authorityEnd);
  const pathEnd = path.search(/[?#]/);
  return `${id.slice(0, start)}${host}${pathEnd === -1 ? path : path.slice(0, pathEnd)}`;
}
