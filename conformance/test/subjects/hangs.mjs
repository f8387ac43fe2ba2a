import { plainSubject } from "./plain.mjs";

export const subject = plainSubject("hangs", import.meta.url, {
  create() {
    for (;;);
  },
});
