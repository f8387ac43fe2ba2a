export { askSeverity } from "./ask-severity.ts";
export { atRest, firstOfEach } from "./at-rest.ts";
export { errorText } from "./error-text.ts";
export { firstDifference, thawed } from "./first-difference.ts";
export { changedGlobals, globalsNow } from "./globals.ts";
export { hostileRecords, oddKeys } from "./hostile-records.ts";
export { MAX_DEPTH, NestedEmits } from "./nested-emits.ts";
export { accounted, goesOn, missing } from "./settling.ts";
