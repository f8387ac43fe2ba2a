import { type DropReason, FLUSH_SUCCEEDED, type FlushResult, type LedgerSnapshot } from "@dagstack/logger-core";

/** What a flush found. */
export interface FlushFindings {
  readonly sinkId: string;
  /** The ledger when the flush before this one ended, and now. */
  readonly before: LedgerSnapshot;
  readonly after: LedgerSnapshot;
  /** Records accepted before this flush that neither arrived nor were lost. */
  readonly waiting: number;
  /** Why they wait, such as `ENOSPC`; empty when unknown. */
  readonly refusedBy: string;
  /** Why bytes could not be forced to the disk, such as `EIO`. */
  readonly syncFailure: string | undefined;
  /** Whether something accepted since the flush before was written. */
  readonly someDelivered: boolean;
}

/** The result of a flush (§7.1, D-51 to D-53). */
export function flushResult(findings: FlushFindings): FlushResult {
  const { sinkId, before, after, waiting, refusedBy, syncFailure, someDelivered } = findings;
  const problems: string[] = [];
  let droppedCount = 0;
  for (const reason of Object.keys(after.dropped) as DropReason[]) {
    const count = (after.dropped[reason] ?? 0) - (before.dropped[reason] ?? 0);
    if (count === 0) continue;
    droppedCount += count;
    problems.push(`${records(count)} dropped: ${reason}`);
  }
  if (waiting > 0) {
    problems.push(`timeout: ${records(waiting)} still waiting${refusedBy === "" ? "" : ` (${refusedBy})`}`);
  }
  if (syncFailure !== undefined) problems.push(`fsync failed: ${syncFailure}`);
  if (problems.length === 0) return FLUSH_SUCCEEDED;
  return {
    success: false,
    partial: someDelivered,
    failedSinks: [{ sinkId, error: problems.join("; ") }],
    droppedCount,
  };
}

function records(count: number): string {
  return count === 1 ? "1 record" : `${count} records`;
}
