/**
 * Everything a body or an attribute can hold once a record is built (§1.3). `undefined` is not a value; numbers are
 * finite, bigints lie within int64 and strings hold no lone surrogates, because the builder saw to it (§1.4).
 */
export type Value = string | number | bigint | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** A map of attributes, flat by convention. Secrets in it are already masked when a sink sees it (§10). */
export type Attributes = { readonly [key: string]: Value };
