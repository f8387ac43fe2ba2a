/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

interface ProcessGlobals {
  readonly process?: { readonly env?: Variables; readonly execArgv?: readonly string[] };
}

/** The environment of this process; empty where there is none. A variable that the runtime does not show is not set. */
export function processVariables(): Variables {
  return new Proxy<Variables>((globalThis as ProcessGlobals).process?.env ?? {}, {
    get(variables, name) {
      try {
        return Reflect.get(variables, name) as string | undefined;
      } catch {
        return undefined; // no permission is no setting; the logger tells of it once
      }
    },
  });
}

/** The options that Node was started with, on its command line and by `NODE_OPTIONS`. */
export function processOptions(): readonly string[] {
  const { execArgv = [] } = (globalThis as ProcessGlobals).process ?? {};
  return [...execArgv, ...(processVariables().NODE_OPTIONS ?? "").split(/\s+/)];
}
