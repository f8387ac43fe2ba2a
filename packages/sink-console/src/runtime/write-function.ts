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

/** Whether nobody stands between a standard stream and its descriptor. */
export function isPlatformsWrite(stream: ConsoleStream): boolean {
  return countsWhatWaits(stream) || stream.write.name === WRITE_OF_BUN;
}

/** Whether a function can take a callback: by a second parameter, or by taking whatever comes. */
export function takesCallback(write: ConsoleStream["write"]): boolean {
  return write.length >= 2 || /\.\.\.|\barguments\b/.test(Function.prototype.toString.call(write));
}
