/**
 * A value that exists once in this process, made by whoever asks first. A module's own variables exist once per copy of
 * a package, and a process can hold several: the `import` and the `require` build, or two versions. Members that copies
 * share may grow, not change.
 *
 * @param name of the value, unique among all packages of dagstack logger.
 */
export function processWide<T>(name: string, make: () => T): T {
  const key = Symbol.for(`dagstack.logger.${name}`);
  const holder = globalThis as { [key]?: T };
  const existing = holder[key];
  if (existing !== undefined) return existing;
  const value = make();
  Object.defineProperty(globalThis, key, { value, enumerable: false, configurable: true });
  return value;
}
