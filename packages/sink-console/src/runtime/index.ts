export {
  asBuffer,
  type ConsoleLike,
  type ConsoleStream,
  type DescriptorWriter,
  encodedText,
  environmentVariable,
  globalConsole,
  globalProcess,
  isConsoleStream,
  type ProcessLike,
  sameBytes,
  standardStream,
} from "./runtime.ts";
export { countsWhatWaits, isPlatforms, lengthOf, takesCallback } from "./write-function.ts";
