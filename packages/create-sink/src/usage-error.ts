/** What the caller got wrong, in words meant for the caller: shown without a stack, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
