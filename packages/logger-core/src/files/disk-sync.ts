import { errorCode } from "./file-system.ts";
import type { OpenFile } from "./open-file.ts";

/** When to force written bytes to the disk: never, on `flush` and `close`, or after each write. */
export type FsyncPolicy = "never" | "flush" | "always";

/** Forces files to the disk and remembers that it failed, for the flush that must say so (§7.2). */
export class DiskSync {
  readonly #policy: FsyncPolicy;
  readonly #onError: (error: unknown) => void;
  #failure: string | undefined;

  constructor(policy: FsyncPolicy, onError: (error: unknown) => void) {
    this.#policy = policy;
    this.#onError = onError;
  }

  /** @param onFailure told what went wrong, which is reported already. */
  sync(file: OpenFile | undefined, onFailure: (error: unknown) => void): void {
    if (this.#policy === "never") return;
    try {
      file?.sync();
    } catch (error) {
      this.#failure = errorCode(error) || "unknown error";
      this.#onError(error);
      onFailure(error);
    }
  }

  /** The code of a failure since the last call. */
  takeFailure(): string | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }
}
