import { plainSubject } from "./plain.mjs";

if (globalThis.conformancePreloaded !== true) throw new Error("nothing was loaded before");

export const subject = plainSubject("needs a preload", import.meta.url);
