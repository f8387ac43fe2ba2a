/** The little of Node and of the browser that this sink uses, by structure: no `node:` import, no types of either. */

/** What the `stream` option takes: a Node `Writable`, or any object with a `write` method. */
export interface ConsoleStream {
  /**
   * Takes whole lines: bytes when the object is a Node stream (has `on`), else text. Node streams answer `false` to ask
   * for a pause until `drain` and call back once the chunk is out or lost; objects that take fewer than two parameters
   * are done when they return, or when the promise that they return resolves.
   */
  write(chunk: string | Uint8Array, callback?: (error?: Error | null) => void): unknown;
  on?(event: "drain" | "error" | "close", listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  /** The width of a terminal. */
  readonly columns?: number | undefined;
  readonly writableLength?: number | undefined;
  readonly errored?: unknown;
  readonly destroyed?: unknown;
  readonly writableEnded?: unknown;
  readonly fd?: unknown;
  /** Set by Node, Bun and Deno on the standard streams that they make. */
  readonly _isStdio?: unknown;
}

/** `globalThis.process`, where there is one. */
export interface ProcessLike {
  readonly stderr?: unknown;
  readonly stdout?: unknown;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  cwd?(): string;
  getBuiltinModule?(id: string): unknown;
}

/** `globalThis.console`. */
export interface ConsoleLike {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** Synchronous writing to an open descriptor: two calls, so that tests can be the operating system. */
export interface DescriptorWriter {
  /** As `fs.writeSync`: answers how many bytes were taken; throws with a `code` such as `EAGAIN`. */
  writeSync(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  /** Stops the thread. */
  sleepSync(ms: number): void;
  /** Whether it is a pipe or a socket, which other processes may write to as well. Default: no. */
  isPipe?(fd: number): boolean;
  /** The same text for descriptors of the same pipe, as `app 2>&1 | reader` makes them. Default: each has its own. */
  identity?(fd: number): string;
}

interface Globals {
  readonly process?: ProcessLike;
  readonly console?: ConsoleLike;
  readonly Buffer?: {
    from(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array;
    from(text: string, encoding: string): Uint8Array;
    compare(one: Uint8Array, other: Uint8Array): number;
  };
}

const globals = globalThis as unknown as Globals;

export function globalProcess(): ProcessLike | undefined {
  return globals.process;
}

export function globalConsole(): ConsoleLike | undefined {
  return globals.console;
}

/** The same bytes as a Buffer where there is one: whoever replaced `write` by a function of text can do `String(chunk)`. */
export function asBuffer(bytes: Uint8Array): Uint8Array {
  return globals.Buffer?.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) ?? bytes;
}

/** The bytes of a text in an encoding that Node knows. */
export function encodedText(text: string, encoding: string): Uint8Array {
  return globals.Buffer?.from(text, encoding) ?? new TextEncoder().encode(text);
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  return globals.Buffer?.compare(one, other) === 0 || one.every((byte, i) => byte === other[i]);
}

/** The standard stream of a process, or `undefined` where it has none, as in a browser. */
export function standardStream(process: ProcessLike | undefined, name: "stderr" | "stdout"): ConsoleStream | undefined {
  try {
    const stream = process?.[name];
    return isConsoleStream(stream) ? stream : undefined;
  } catch {
    return undefined; // a descriptor closed from outside; nothing is lost, records go to the console object
  }
}

export function isConsoleStream(value: unknown): value is ConsoleStream {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  try {
    return typeof (value as { readonly write?: unknown }).write === "function";
  } catch {
    return false; // a hostile getter; refused as an option, and no stream at all for a process
  }
}

/** An environment variable; reading one may need a permission that is missing. */
export function environmentVariable(process: ProcessLike | undefined, name: string): string | undefined {
  try {
    return process?.env?.[name];
  } catch {
    return undefined; // no permission is no setting
  }
}
