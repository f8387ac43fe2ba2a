/** How the loggers report on themselves. */
export {
  loseWithoutSink,
  portOf,
  report,
  reportMalformed,
  reportOnce,
  reportSharedInternalSinks,
  reportSuppressed,
  reportSurroundings,
  scopedPortOf,
  useClock,
} from "./report.ts";
