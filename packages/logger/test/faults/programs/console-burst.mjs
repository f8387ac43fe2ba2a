// Logs a burst to stdout and exits at once; argument `{ count }`. Bundled into one file by a scenario.
import { configure, Logger } from "@dagstack/logger";
import { ConsoleSink } from "@dagstack/sink-console";

const { count } = JSON.parse(process.argv[2]);
configure({ sinks: [new ConsoleSink({ id: "stdout", stream: "stdout" })] });
const log = Logger.get("burst");
for (let n = 0; n < count; n++) log.info(n);
process.exit(3);
