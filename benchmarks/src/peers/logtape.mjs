import { getStreamFileSink } from "@logtape/file";
import { configure, dispose, getLogger, jsonLinesFormatter, lazy } from "@logtape/logtape";
import { redactByField } from "@logtape/redaction";
import { flatResource, mask, secretKeyPattern } from "../fields.mjs";
import { activeSpanFields } from "../span.mjs";

// LogTape has no hook for a whole record: one lazy property for each id is its own way.
const spanProperties = {
  trace_id: lazy(() => activeSpanFields().trace_id),
  span_id: lazy(() => activeSpanFields().span_id),
  trace_flags: lazy(() => activeSpanFields().trace_flags),
};

export async function toStreamFile({ workload, path }) {
  const file = getStreamFileSink(path, { formatter: jsonLinesFormatter });
  const masking = { fieldPatterns: [secretKeyPattern], action: () => mask };
  await configure({
    sinks: { file: workload.redacts ? redactByField(file, masking) : file },
    loggers: [
      { category: "shop", lowestLevel: "info", sinks: ["file"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] },
    ],
  });
  const root = getLogger(["shop", "checkout"]).with(flatResource);
  return {
    root: workload.isTraced ? root.with(spanProperties) : root,
    child: (logger, bound) => logger.with(bound),
    debug: (logger, message, attributes) => logger.debug(message, attributes),
    info: (logger, message, attributes) => logger.info(message, attributes),
    error: (logger, message, error) => logger.error(message, { error }),
    close: dispose,
  };
}
