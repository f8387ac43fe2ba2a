/** What `configure` takes, how it is checked, and how it comes into force. */
export { configure, type Logging } from "./configure.ts";
export type { Explanation } from "./explain.ts";
export type { LoggerOptions } from "./logger-plans.ts";
export type { ConfigureOptions } from "./options.ts";
export type { ReconfigureResult } from "./reconfigure.ts";
export { checkedSinks, sinkList } from "./sink-list.ts";
export { typeMismatch } from "./type-mismatch.ts";
