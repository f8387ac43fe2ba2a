/** Log calls that carry a secret in every way a value can be reached, under keys that say so. */
import { Logger } from "../../src/index.ts";

/** Keys that are secret by the base set. */
export const SECRET_KEYS: readonly string[] = [
  "api_key",
  "DB_PASSWORD",
  "client_secret",
  "user.auth_token",
  "ssh_passphrase",
  "aws_credentials",
];

/** How often a getter, `toJSON` or trap of a secret ran. */
export interface Reads {
  count: number;
}

type Shape = (key: string, canary: string, reads: Reads) => object;

const withMember = (error: Error, key: string, value: unknown): Error => Object.assign(error, { [key]: value });

/** One of each way, by name. */
export const shapes: Readonly<Record<string, Shape>> = {
  attribute: (key, canary) => ({ [key]: canary }),
  "nested maps": (key, canary) => ({ a: { b: { c: { [key]: canary } } } }),
  lists: (key, canary) => ({ list: [1, [{ [key]: canary }]] }),
  "a whole structure": (key, canary) => ({ [key]: { user: canary, more: [canary, new Map([[canary, canary]])] } }),
  "a secret list, Map, Set, Error, bytes": (key, canary) => ({
    list: [[canary], new Map([["a", canary]]), new Set([canary]), new Error(canary), Buffer.from(canary)].map(
      (value) => ({ [key]: value }),
    ),
  }),
  Map: (key, canary) => ({
    map: new Map<string, unknown>([
      [key, canary],
      ["deep", new Map([[key, canary]])],
    ]),
  }),
  Set: (key, canary) => ({ set: new Set([{ [key]: canary }]) }),
  "member of an Error": (key, canary) => ({ error: withMember(new Error("x"), key, canary) }),
  cause: (key, canary) => ({
    error: new Error("x", { cause: new Error("y", { cause: withMember(new TypeError("z"), key, canary) }) }),
  }),
  "cause that is a map": (key, canary) => ({ error: new Error("x", { cause: { [key]: canary } }) }),
  AggregateError: (key, canary) => ({
    error: new AggregateError([withMember(new Error("a"), key, canary), { [key]: canary }], "many"),
  }),
  toJSON: (key, canary) => ({ user: { toJSON: () => ({ name: "n", [key]: canary }) } }),
  "toJSON of the secret": (key, canary, reads) => ({
    [key]: {
      toJSON: () => {
        reads.count += 1;
        return canary;
      },
    },
  }),
  "toJSON that throws": (_, canary) => ({
    user: {
      toJSON: () => {
        throw new Error(canary);
      },
    },
  }),
  getter: (key, canary, reads) => ({
    nested: Object.defineProperty({}, key, {
      enumerable: true,
      get: () => {
        reads.count += 1;
        return canary;
      },
    }),
  }),
  "getter that throws": (key, canary, reads) =>
    Object.defineProperty({}, key, {
      enumerable: true,
      get: () => {
        reads.count += 1;
        throw new Error(canary);
      },
    }),
  "another getter that throws": (_, canary) => ({
    get plain(): never {
      throw new Error(canary);
    },
  }),
  "getter in an Error": (key, canary, reads) => ({
    error: Object.defineProperty(new Error("x"), key, {
      enumerable: true,
      get: () => {
        reads.count += 1;
        return canary;
      },
    }),
  }),
  Proxy: (key, canary, reads) => ({
    proxy: new Proxy(
      { [key]: canary, plain: 1 },
      {
        get: (target, name) => {
          if (name === key) reads.count += 1;
          return Reflect.get(target, name) as unknown;
        },
      },
    ),
  }),
  "Proxy that throws": (_, canary) => ({
    proxy: new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error(canary);
        },
      },
    ),
  }),
  "too deep": (key, canary) => {
    let value: object = { [key]: canary };
    for (let level = 0; level < 40; level++) value = { in: value, [key]: canary };
    return value;
  },
  "beside more than a record may hold": (key, canary) => ({ text: "x".repeat(300_000), nested: { [key]: canary } }),
  cycle: (key, canary) => {
    const cycle: Record<string, unknown> = { [key]: canary };
    cycle.self = cycle;
    return { cycle };
  },
};

/** Logs one shape in each way that attributes and errors come: at the call, bound, in a scope, as an exception. */
export function logCanary(shape: Shape, key: string, canary: string, reads: Reads): void {
  const make = (): object => shape(key, canary, reads);
  const log = Logger.get("canary");
  log.info("at the call", make());
  log.with(make()).warn("bound");
  log.with(make()).with({ other: 1 }).info("bound twice", make());
  log.scoped({ redaction: { extraSuffixes: ["_other"] } }).info("in a scope", make());
  log.exception(new Error("x"), make());
  const error = new Error("x", { cause: make() });
  log.exception(Object.defineProperties(error, Object.getOwnPropertyDescriptors(make())));
  log.exception(make());
}
