import { type SinkAccount, settlesWithin } from "../accounting/index.ts";
import type { RunInContext } from "../sink/index.ts";
import { describeThrown } from "./outcome/index.ts";

/** Runs the author's `release`, and tells what goes wrong. Never rejects, and waits no longer than `timeoutMs`. */
export async function releaseWithin(
  release: () => void | Promise<void>,
  timeoutMs: number,
  account: SinkAccount,
  inContext: RunInContext,
): Promise<void> {
  const released = inContext(async () => {
    try {
      await release();
    } catch (error) {
      const { type, text } = describeThrown(error, "release");
      account.error(new Error(text), type);
    }
  });
  if (await settlesWithin(released, timeoutMs, account.clock)) return;
  account.error(new Error("release did not end before close ran out of time"), "release_timeout");
}
