import { processEnd } from "#process-end";
import type { ProcessEnd } from "./process-end.ts";

/** What this runtime offers. Named here, since declarations must not lead to a condition that TypeScript's `node10` lacks. */
export const ownProcessEnd: ProcessEnd | null = processEnd;
