import { exitPath } from "../exit-path.mjs";

export const id = "exit-natural";
export const row = 1;
export const injected =
  "20 000 records in one burst into a FileSink and the console (a pipe, a pipe read slowly, a file), then nothing more to do, no `close()`";
export const promised = "0 lost, exit code kept, the process ends at most 200 ms after its last work";
/** 200 ms for the end of a process, its start-up not counted. */
export const alone = true;
export const run = exitPath({ ending: "exitCode", code: 5, timed: true });
