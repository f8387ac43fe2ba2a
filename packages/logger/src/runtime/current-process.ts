/** The little that the packages use of Node's `process`, reached without importing it, so that browsers load them too. */

import type { Emitter } from "./shared-listener.ts";

/** `process.stderr`. */
export interface StandardErrorStream extends Emitter {
  write(text: string): unknown;
  readonly fd?: unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly writableLength?: number | undefined;
}

/** Writes lines that would be lost if they did not leave at once. */
export interface LastWords {
  /**
   * @returns false where that cannot be done: the stream itself must be written to.
   * @throws what the system says, such as EPIPE, and EAGAIN when the reader took nothing for a second.
   */
  write(stderr: StandardErrorStream, line: string): boolean;
}

interface ProcessLike extends Emitter {
  readonly pid?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stderr?: StandardErrorStream;
  exit?(code: number): never;
  getBuiltinModule?(id: string): unknown;
}

/** Node's `process` or what another runtime offers in its place; `undefined` in a browser. */
export function currentProcess(): ProcessLike | undefined {
  const candidate = (globalThis as { process?: unknown }).process;
  return typeof candidate === "object" && candidate !== null ? (candidate as ProcessLike) : undefined;
}

/** A built-in module of Node, without importing it; `undefined` where there is none. */
export function builtinModule<T>(id: string): T | undefined {
  try {
    return currentProcess()?.getBuiltinModule?.(id) as T | undefined;
  } catch {
    return undefined; // a runtime that refuses: what needs the module says in its docs what happens without it
  }
}

/** A variable of the environment; reading one may need a permission that is missing. */
export function environmentVariable(name: string): string | undefined {
  try {
    return currentProcess()?.env?.[name];
  } catch {
    return undefined; // no permission is no setting
  }
}
