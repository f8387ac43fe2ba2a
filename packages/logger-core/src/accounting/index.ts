export { FlushAccount, type FlushOutcome, type FlushWindow } from "./flush-account.ts";
export { Ledger, type LedgerSnapshot } from "./ledger.ts";
export { MAX_TIMER_MS, settlesWithin } from "./settles-within.ts";
export { SinkAccount } from "./sink-account.ts";
export { Waiters } from "./waiters.ts";
