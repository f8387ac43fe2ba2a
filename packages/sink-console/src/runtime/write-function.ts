/** What a stream's `write` is: the platform's, an override, or a function that somebody put in its place. */
import type { ConsoleStream } from "./runtime.ts";

/** The name of the function that Bun gives each of its standard streams as a property of its own. */
const WRITE_OF_BUN = "writeFast";

/**
 * Whether `write` is the one of the class that keeps `writableLength`, as Node's streams inherit it: then that number is
 * what waits. A replaced or overridden `write` may keep bytes where nobody counts them.
 */
export function countsWhatWaits(stream: ConsoleStream): boolean {
  try {
    const { write } = stream;
    for (let owner: object | null = stream; owner !== null; owner = Object.getPrototypeOf(owner)) {
      if (Object.hasOwn(owner, "writableLength") && Object.getOwnPropertyDescriptor(owner, "write")?.value === write)
        return true;
    }
  } catch {
    // a hostile proxy: nothing is known of it, so its callback has to tell
  }
  return false;
}

/** Whether it is a standard stream of the process, as the platform made it: nobody stands between it and its descriptor. */
export function isPlatforms(stream: ConsoleStream): boolean {
  try {
    return stream._isStdio === true && (countsWhatWaits(stream) || stream.write.name === WRITE_OF_BUN);
  } catch {
    return false; // what cannot be looked at may do anything
  }
}

/** How much waits in a stream, as far as it says. */
export function lengthOf(stream: ConsoleStream): number {
  try {
    return stream.writableLength ?? 0;
  } catch {
    return 0; // it does not say: its callback has to tell
  }
}

/** Whether a function can take a callback: by a second parameter, or by taking whatever comes. */
export function takesCallback(write: ConsoleStream["write"]): boolean {
  return write.length >= 2 || /\.\.\.|\barguments\b/.test(Function.prototype.toString.call(write));
}
