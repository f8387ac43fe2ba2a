/** In which member two values differ first, in one line; `undefined` when they are the same in depth. */
export function firstDifference(before: unknown, after: unknown, path = "the record"): string | undefined {
  if (Object.is(before, after)) return undefined;
  if (!isObject(before) || !isObject(after)) return `${path} was ${text(before)} and is now ${text(after)}`;
  if (Object.getPrototypeOf(before) !== Object.getPrototypeOf(after)) return `${path} has another prototype`;
  const added = Reflect.ownKeys(after).find((key) => !Object.hasOwn(before, key));
  if (added !== undefined) return `${path} has a new member ${String(added)}`;
  for (const key of Reflect.ownKeys(before)) {
    if (!Object.hasOwn(after, key)) return `${path} has lost its member ${String(key)}`;
    const difference = firstDifference(Reflect.get(before, key), Reflect.get(after, key), `${path}.${String(key)}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string {
  return isObject(value) ? "an object" : typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** A copy in depth that can be changed. Not `structuredClone`, whose objects may be of another realm under a test runner. */
export function thawed<T>(value: T): T {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map(thawed) as T;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, thawed(member)])) as T;
}
