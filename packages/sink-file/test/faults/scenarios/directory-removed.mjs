import { refuse } from "../refuse.mjs";

export const id = "directory-removed";
export const row = 8;
export const injected = "the directory removed with the file in it while lines are written, made again 1.8 s later";
export const promised =
  "nothing that comes later than 1 s after the removal is lost; writing again at most 1 s after it ends; at most 1 diagnostic a second";

export const run = () => refuse("removed");
