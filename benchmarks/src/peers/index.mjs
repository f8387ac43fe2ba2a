// Every peer by the name it has in the tables. A peer is loaded only in the process that measures it.

/**
 * - `settings`: what makes the comparison fair, for the report.
 * - `writesToStdout`: the log file is the standard output of the process.
 * - `start(options)`: sets the peer up; returns its methods, or `undefined` when it lacks what the workload needs.
 */
export const peers = {
  "pino, sync": {
    settings: "`pino.destination({ sync: true })`, its default: one write per record",
    start: async (options) => (await import("./pino.mjs")).recordByRecord(options),
  },
  "pino, buffered": {
    settings: "`sync: false, minLength: 4096`, the setting its documentation recommends for speed",
    start: async (options) => (await import("./pino.mjs")).buffered(options),
  },
  "dagstack, sync": {
    settings: "`FileSink(path, { sync: true })`: one write per record",
    start: async (options) => (await import("./dagstack.mjs")).recordByRecord(options),
  },
  "dagstack, default": {
    settings: "`FileSink(path)`: 64 KiB, or the next turn of the event loop, whichever comes first",
    start: async (options) => (await import("./dagstack.mjs")).byDefault(options),
  },
  "winston, console": {
    settings: "Console transport (standard output is the file), `timestamp`, `errors({ stack: true })`, `json`",
    writesToStdout: true,
    start: async (options) => (await import("./winston.mjs")).toConsole(options),
  },
  "winston, file": {
    settings: "File transport, the same formats",
    start: async (options) => (await import("./winston.mjs")).toFile(options),
  },
  "LogTape, stream file": {
    settings: "`getStreamFileSink` with `jsonLinesFormatter`, the fastest of its file sinks; `redactByField` in W4",
    start: async (options) => (await import("./logtape.mjs")).toStreamFile(options),
  },
  "console.log": {
    settings: "`console.log(JSON.stringify({ … }))`, standard output is the file; no redaction",
    writesToStdout: true,
    start: async (options) => (await import("./console.mjs")).consoleLog(options),
  },
  "no logging": {
    settings: "an empty function: what loop and attributes cost by themselves",
    start: async (options) => (await import("./console.mjs")).noLogging(options),
  },
  "dagstack, memory": {
    settings: "`InMemorySink()`: records instead of lines",
    start: async (options) => (await import("./dagstack.mjs")).toMemory(options),
  },
  "dagstack, 4 files": {
    settings: "four `FileSink`s with default settings",
    start: async (options) => (await import("./dagstack.mjs")).fourFiles(options),
  },
  "dagstack, rotated": {
    settings: '`FileSink(path, { rotation: { size: "64MB" } })`',
    start: async (options) => (await import("./dagstack.mjs")).rotated(options),
  },
  "OpenTelemetry SDK, default": {
    settings: "`BatchLogRecordProcessor` with its defaults (queue 2 048, batch 512), OTLP/HTTP protobuf",
    start: async (options) => (await import("./opentelemetry.mjs")).byDefault(options),
  },
  "OpenTelemetry SDK, large queue": {
    settings: "the same with `maxQueueSize: 1_000_000`",
    start: async (options) => (await import("./opentelemetry.mjs")).unboundedQueue(options),
  },
  "dagstack, OTLP to nowhere": {
    settings: "`OTLPSink({ fetch })` with a `fetch` that answers 200 at once",
    start: async (options) => (await import("./dagstack.mjs")).toNowhere(options),
  },
  "dagstack, OTLP": {
    settings: "`OTLPSink({ endpoint })` with its defaults (queue 10 000 or 32 MiB, batch 512), OTLP/HTTP protobuf",
    start: async (options) => (await import("./dagstack.mjs")).toReceiver(options),
  },
};
