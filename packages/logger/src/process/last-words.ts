import type { Registry } from "../registry/index.ts";
import { builtinModule, type LastWords, type StandardErrorStream } from "../runtime/index.ts";

/** How long a reader of stderr may take nothing. */
const PATIENCE_MS = 1000;
const SLEEP_MS = 1;
/** The function that Bun gives each of its standard streams as a property of its own. */
const WRITE_OF_BUN = "writeFast";

interface FileSystem {
  writeSync(fd: number, bytes: Uint8Array, offset: number): number;
}

/** From here on nothing asynchronous happens any more: what is logged leaves at once. */
export function beginExit(registry: Registry): void {
  registry.exiting = true;
  registry.lastWords ??= new DescriptorLastWords();
}

/**
 * Writes to stderr by its descriptor and waits while a pipe is full, because what Node keeps for later is lost when the
 * process exits. A reader that took nothing for a second is not waited for again until it takes something.
 */
class DescriptorLastWords implements LastWords {
  #stalledMs = 0;

  write(stderr: StandardErrorStream, line: string): boolean {
    const fs = builtinModule<FileSystem>("node:fs");
    const { fd } = stderr;
    // A terminal is written synchronously anyway.
    const isDirect = typeof fd === "number" && stderr.isTTY !== true;
    if (!isDirect || fs === undefined || typeof SharedArrayBuffer !== "function") return false;
    // Whoever replaced `write`, to capture the stream, gets the lines, and only what got stuck comes past him.
    const isStuck = !isPlatformsWrite(stderr) && stderr.write(`${line}\n`) === false;
    // What is stuck in the stream will never leave it, perhaps with half a line out. Bun does not say what is.
    const isAfterOthers = (stderr.writableLength ?? 0) > 0 || stderr.write.name === WRITE_OF_BUN;
    if (!isPlatformsWrite(stderr) && !isStuck && !isAfterOthers) return true;
    const bytes = new TextEncoder().encode(`${isStuck || isAfterOthers ? "\n" : ""}${line}\n`);
    for (let offset = 0; offset < bytes.length; ) {
      try {
        offset += fs.writeSync(fd, bytes, offset);
        this.#stalledMs = 0;
      } catch (error) {
        if (!isFull(error) || this.#stalledMs >= PATIENCE_MS) throw error;
        this.#stalledMs += sleep();
      }
    }
    return true;
  }
}

/** Whether `write` is the one of the stream's class, or the one that Bun gives each of its standard streams. */
function isPlatformsWrite(stderr: StandardErrorStream): boolean {
  return stderr.write === Object.getPrototypeOf(stderr).write || stderr.write.name === WRITE_OF_BUN;
}

/** How long it took, which on a busy machine may be much longer. */
function sleep(): number {
  const startMs = performance.now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SLEEP_MS);
  return Math.max(SLEEP_MS, performance.now() - startMs);
}

function isFull(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return code === "EAGAIN" || code === "EWOULDBLOCK" || code === "EINTR";
}
