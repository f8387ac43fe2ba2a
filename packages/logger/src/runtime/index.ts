/** What the JavaScript runtime offers, found while the program runs: nothing of Node's is imported. */
export { createAmbientValue } from "./ambient-value.ts";
export {
  builtinModule,
  currentProcess,
  environmentVariable,
  type LastWords,
  type StandardErrorStream,
} from "./current-process.ts";
export { listenShared } from "./shared-listener.ts";
