export { closeForeign, contextFrom, flushForeign, promised } from "./foreign-sink.ts";
