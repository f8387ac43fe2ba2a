/** How the loggers report on themselves. */
export {
  loseWithoutSink,
  portOf,
  report,
  reportMalformed,
  reportOnce,
  reportSharedInternalSinks,
  scopedPortOf,
} from "./report.ts";
