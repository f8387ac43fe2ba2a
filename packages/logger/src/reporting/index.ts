/** How the loggers report on themselves. */
export {
  loseWithoutSink,
  portOf,
  report,
  reportMalformed,
  reportOnce,
  reportOtherVersions,
  reportSharedInternalSinks,
  reportSuppressed,
  scopedPortOf,
  useClock,
} from "./report.ts";
