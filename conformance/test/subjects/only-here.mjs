import { plainSubject } from "./plain.mjs";

if (process.env.SINK_CONFORMANCE_CHILD !== undefined) throw new Error("it loads only here");

export const subject = plainSubject("only here", import.meta.url);
