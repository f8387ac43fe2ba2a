import type { ConsoleStream } from "../runtime/index.ts";

/** What waits for its turn at a destination. */
export interface Writer {
  /** Gets out what can be got out now; for process exit. */
  finishSync(): void;
}

/**
 * What one or several descriptors lead to, such as the pipe of `app 2>&1 | reader`: while one writer is in the middle of
 * a line, the others wait.
 */
export class Destination {
  /** The standard streams that lead here, written to by us or not. */
  readonly streams: Set<ConsoleStream> = new Set();
  #midLine: Writer | undefined;

  /** Whose line is half out. */
  get midLine(): Writer | undefined {
    return this.#midLine;
  }

  /** To be called after each write. */
  wrote(writer: Writer, isMidLine: boolean): void {
    if (isMidLine) this.#midLine = writer;
    else if (this.#midLine === writer) this.#midLine = undefined;
  }
}

const shared = new Map<string, Destination>();

/** The destination of an identity, one per process; without an identity nobody else leads to it. */
export function destinationOf(identity: string | undefined): Destination {
  if (identity === undefined) return new Destination();
  let destination = shared.get(identity);
  if (destination === undefined) {
    destination = new Destination();
    shared.set(identity, destination);
  }
  return destination;
}
