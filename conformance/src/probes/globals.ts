/** What every part of a process relies on, and no sink may change. */

const CONSOLE = ["log", "info", "warn", "error", "debug", "trace"] as const;
const TIMERS = ["setTimeout", "clearTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch"] as const;

/** These globals as they are, by name. */
export function globalsNow(): ReadonlyMap<string, unknown> {
  const entries: [string, unknown][] = [
    ["process.stdout.write", process.stdout.write],
    ["process.stderr.write", process.stderr.write],
    ["Error.prepareStackTrace", Error.prepareStackTrace],
    ["Error.stackTraceLimit", Error.stackTraceLimit],
    ["JSON.stringify", JSON.stringify],
    ["Date.now", Date.now],
    ["Promise.prototype.then", Reflect.get(Promise.prototype, "then")],
    ["Object.prototype", Reflect.ownKeys(Object.prototype).map(String).join()],
    ["Array.prototype", Reflect.ownKeys(Array.prototype).map(String).join()],
  ];
  for (const name of CONSOLE) entries.push([`console.${name}`, console[name]]);
  for (const name of TIMERS) entries.push([name, Reflect.get(globalThis, name)]);
  return new Map(entries);
}

/** The names of those that are not what they were. */
export function changedGlobals(before: ReadonlyMap<string, unknown>): string[] {
  const now = globalsNow();
  return [...before].filter(([name, value]) => now.get(name) !== value).map(([name]) => name);
}
