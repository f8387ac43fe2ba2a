import { errorCode } from "./file-system.ts";

/** After these the descriptor itself is useless, whatever it leads to. */
const STALE_CODES: ReadonlySet<string> = new Set(["EBADF", "ESTALE", "EIO"]);
/** These say nothing about the descriptor, unless they last. */
const PASSING_CODES: ReadonlySet<string> = new Set(["EAGAIN", "EINTR", "ENOSPC", "EDQUOT", "ENOMEM", "ENOBUFS"]);
/** So many refusals in a row make one that lasts. */
const LASTING = 8;

/**
 * Judges by what a file refuses whether its descriptor may be what is wrong, so that the path must be opened again: error
 * codes do not tell them all, such as that of a stale handle, which Node reports as `UNKNOWN`.
 */
export class DescriptorTrust {
  #refusals = 0;

  /** Something was taken. */
  restore(): void {
    this.#refusals = 0;
  }

  /** Whether the path must be opened again before the next try. A pipe goes on with what it has begun as long as it can. */
  isLostBy(error: unknown, isRegular: boolean): boolean {
    const code = errorCode(error);
    const lasts = ++this.#refusals % LASTING === 0;
    return STALE_CODES.has(code) || (isRegular && (lasts || !PASSING_CODES.has(code)));
  }
}
