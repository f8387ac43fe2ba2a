import { getLogger, type Logger } from "@logtape/logtape";

declare function require(id: string): unknown;

require("./points-of-test.js");

const log: Logger = getLogger(["runtimes"]);
log.info("typed", { n: 1 });
