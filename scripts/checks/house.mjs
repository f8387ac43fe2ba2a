// The order of packages and rooms, written once (ARCHITECTURE.md draws it); rooms.mjs holds the imports to it.

export const house = {
  /** Workspace packages, lowest floor first. A package imports from the floors below its own, never from its own. */
  floors: [
    ["@dagstack/logger-core"],
    [
      "@dagstack/sink-callback",
      "@dagstack/sink-console",
      "@dagstack/sink-file",
      "@dagstack/sink-memory",
      "@dagstack/sink-otlp",
    ],
    ["@dagstack/logger"],
  ],

  /** On no floor: tools, and what only tests use. They import core or nothing; nothing on a floor imports them. */
  beside: ["@dagstack/create-sink", "@dagstack/fault-harness", "@dagstack/otlp-receiver", "@dagstack/sink-conformance"],

  /**
   * The rooms of a package's `src`, lowest first: a folder, or a list of folders that do not import each other. A file of
   * a room imports from its own room and from the doors (`index.ts`) of rooms below. Files at the top of `src` stand above
   * all rooms. `generated` has no door: it is data.
   */
  rooms: {
    "@dagstack/logger-core": [
      "generated",
      "options",
      "redaction",
      "value",
      "record",
      "sink",
      "accounting",
      "wire/encoder",
      ["wire/line", "wire/otlp", "wire/transcoder"],
      "wire/pretty",
      "wire",
      ["delivery/outcome", "delivery/time"],
      "delivery/queue",
      ["delivery/foreign", "delivery/run"],
      "delivery/fallback",
      "delivery",
      "http/transport",
      ["http/node", "http/web"],
      "http",
      "files",
      "testing",
    ],
    "@dagstack/sink-console": ["runtime", "foreign", "port"],
    "@dagstack/sink-file": ["rotation"],
    "@dagstack/logger": [
      "generated",
      "runtime",
      "context",
      "sinks",
      "registry",
      "record",
      "reporting",
      "process",
      "configuration",
      "routing",
    ],
    "@dagstack/sink-conformance": ["subject", "station", "child", "probes", "cases", "run", "formats", "command-line"],
  },

  /** Where `node:` modules may be imported: the rest runs wherever JavaScript does. */
  nodeOnly: [
    "packages/logger-core/src/files/",
    "packages/logger-core/src/http/node/",
    "packages/sink-file/src/",
    "packages/create-sink/src/",
    "packages/otlp-receiver/src/",
    "conformance/src/",
  ],

  /** A folder holds at most this many source files, its door included. */
  maxFiles: 16,
  /** A source file has at most this many lines. */
  maxLines: 300,
};
