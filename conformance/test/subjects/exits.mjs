import { plainSubject } from "./plain.mjs";

export const subject = plainSubject("exits", import.meta.url, {
  create: () => process.exit(7),
});
