/**
 * Node's modules, asked for when they are needed: no bundler has to know of them, and a bundle that was made for nobody in
 * particular runs in Node as well as in a browser.
 */
interface Modules {
  readonly fs: typeof import("node:fs");
  readonly http: typeof import("node:http");
  readonly https: typeof import("node:https");
  readonly net: typeof import("node:net");
  readonly tls: typeof import("node:tls");
  readonly url: typeof import("node:url");
  readonly util: typeof import("node:util");
  readonly zlib: typeof import("node:zlib");
}

type GetBuiltinModule = <Name extends keyof Modules>(id: `node:${Name}`) => Modules[Name] | undefined;

/** Whether the modules are there: in Node, Deno and Bun, and in nothing that only looks like them. */
export function hasNodeModules(): boolean {
  try {
    return typeof builtin("http").request === "function" && typeof builtin("net").connect === "function";
  } catch {
    return false; // a browser, or a runtime that refuses
  }
}

/** One of Node's modules. Throws where there are none. */
export function builtin<Name extends keyof Modules>(name: Name): Modules[Name] {
  const { process } = globalThis as unknown as { readonly process: { readonly getBuiltinModule: GetBuiltinModule } };
  return process.getBuiltinModule(`node:${name}`) as Modules[Name];
}
