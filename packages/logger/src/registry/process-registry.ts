import { Registry } from "./registry.ts";

/**
 * The version of what copies of the package share in one process: the members of `Registry` and of what it holds. Raised
 * with every change of one of them, which a test notices. Copies of another version do not look here.
 */
const SHARED_VERSION = 1;
const PREFIX = "dagstack.logger.registry";
const SHARED_KEY = Symbol.for(`${PREFIX}.v${SHARED_VERSION}`);

/** What lies under the key. */
interface Shared {
  readonly version: number;
  readonly registry: Registry;
}

/** This copy's: the shared one, or its own where there is none to share. */
let registry: Registry | undefined;

/**
 * The registry of this process, made by whichever copy of the package came first. A copy that finds something there which
 * it does not understand, or cannot put anything there, works on its own.
 */
export function processRegistry(): Registry {
  registry ??= sharedRegistry() ?? new Registry();
  return registry;
}

function sharedRegistry(): Registry | undefined {
  const holder = globalThis as { [SHARED_KEY]?: unknown };
  try {
    const existing = holder[SHARED_KEY];
    if (existing !== undefined) return isShared(existing) ? existing.registry : undefined;
    const shared: Shared = Object.freeze({ version: SHARED_VERSION, registry: new Registry() });
    Object.defineProperty(holder, SHARED_KEY, { value: shared, enumerable: false, configurable: true });
    return shared.registry;
  } catch {
    return undefined; // told by `strangersIn`: a frozen global object, or somebody else's accessor
  }
}

function isShared(value: unknown): value is Shared {
  const { version, registry: held } = value as Partial<Shared>;
  return version === SHARED_VERSION && typeof held?.epoch === "number";
}

/** Why this registry is not that of all loggers in the process; `undefined` when it is, as far as can be seen. */
export function notShared(own: Registry): string | undefined {
  const keys = Object.getOwnPropertySymbols(globalThis).filter((key) => key.description?.startsWith(PREFIX) === true);
  const others = keys.filter((key) => key !== SHARED_KEY).map((key) => key.description);
  if (others.length > 0) return `another version of @dagstack/logger has its own loggers: ${others.join(", ")}`;
  try {
    const shared = (globalThis as { [SHARED_KEY]?: Partial<Shared> })[SHARED_KEY];
    if (shared?.registry === own) return undefined;
  } catch {
    // an accessor that throws is nothing that could be shared
  }
  return `${SHARED_KEY.description} holds something else, or cannot be set: copies of @dagstack/logger do not share loggers`;
}
