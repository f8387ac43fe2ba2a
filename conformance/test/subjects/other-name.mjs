import { plainSubject } from "./plain.mjs";

export const subject = plainSubject("another name", new URL("./plain.mjs", import.meta.url).href);
