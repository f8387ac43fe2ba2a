import { refuse } from "../refuse.mjs";

export const id = "no-permission";
export const row = 8;
export const injected = 'a directory without permission, for 1.5 s (EACCES, `onOpenError: "retry"`)';
export const promised =
  "no throw; writing again at most 1 s after it ends; 0 lost; counts exact; at most 1 diagnostic a second";

export const run = () => refuse("EACCES");
