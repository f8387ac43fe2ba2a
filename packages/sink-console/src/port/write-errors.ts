/** What an error of a write to a descriptor means. */

const FULL = new Set(["EAGAIN", "EWOULDBLOCK", "EBUSY"]);
const PASSING = new Set(["ENOSPC", "EDQUOT", "EIO", "ENOMEM", "ENOBUFS"]);

/**
 * - `again`: the call was interrupted
 * - `full`: the destination takes nothing for the moment, as a pipe whose reader is behind
 * - `trouble`: it may pass, as a full disk
 * - `final`: everything else
 */
export type WriteTrouble = "again" | "full" | "trouble" | "final";

export function writeTrouble(error: unknown): WriteTrouble {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  if (typeof code !== "string") return "final";
  if (code === "EINTR") return "again";
  if (FULL.has(code)) return "full";
  return PASSING.has(code) ? "trouble" : "final";
}
