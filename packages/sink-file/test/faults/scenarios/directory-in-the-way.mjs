import { refuse } from "../refuse.mjs";

export const id = "directory-in-the-way";
export const row = 8;
export const injected = "a directory where the file should be, for 1.5 s (EISDIR)";
export const promised =
  "no throw; writing again at most 1 s after it ends; 0 lost; counts exact; at most 1 diagnostic a second";

export const run = () => refuse("EISDIR");
