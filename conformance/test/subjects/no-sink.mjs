import { plainSubject } from "./plain.mjs";

export const subject = plainSubject("no sink", import.meta.url, {
  create: () => ({ sink: { id: "half a sink" }, delivered: () => [] }),
});
