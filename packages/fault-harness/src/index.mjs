export { bunBinary } from "./bun.mjs";
export { count, of } from "./count.mjs";
export { inFolder } from "./folder.mjs";
export { bodiesIn, jsonLines, recordsIn, textOf } from "./lines.mjs";
export { namedPipe } from "./named-pipe.mjs";
export { programsIn } from "./programs.mjs";
export { loadScenarios } from "./scenarios.mjs";
export { becomes, sleep } from "./wait.mjs";
