import { refuse } from "../refuse.mjs";

export const id = "no-descriptors";
export const row = 8;
export const injected = "every file descriptor of the process taken, for 1.5 s (EMFILE)";
export const promised =
  "no throw; writing again at most 1 s after it ends; 0 lost; counts exact; at most 1 diagnostic a second";

export const run = () => refuse("EMFILE");
