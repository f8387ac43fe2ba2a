import { refuse } from "../refuse.mjs";

export const id = "no-directory";
export const row = 8;
export const injected = "no directory at start, made after 1.5 s (ENOENT)";
export const promised =
  "no throw; writing again at most 1 s after it ends; 0 lost; counts exact; at most 1 diagnostic a second";

export const run = () => refuse("missing");
