export { Ledger, type LedgerSnapshot } from "./ledger.ts";
