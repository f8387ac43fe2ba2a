import type { ProcessEnd } from "./process-end.ts";

/** Browsers and the edge do not tell when a program ends, and every byte of code is downloaded. */
export const processEnd: ProcessEnd | null = null;
