// Ends with a record that no sink delivered, while stderr is full of the program's own text. Argument `{ how }`: who stands
// between us and stderr.
import { configure, Logger } from "@dagstack/logger";
import { BatchingSink } from "@dagstack/logger-core/delivery";

const { how } = JSON.parse(process.argv[2]);
const { stderr } = process;
const genuine = stderr.write;
const WAYS = {
  nobody: () => {},
  "a function": () => {
    stderr.write = (...all) => genuine.apply(stderr, all);
  },
  "one that forgets the callback": () => {
    stderr.write = (chunk) => genuine.call(stderr, chunk);
  },
};
WAYS[how]();
configure({ sinks: [new BatchingSink({ id: "hanging", deliver: () => new Promise(() => {}) })] });
Logger.get("stuck").info("lost");
genuine.call(stderr, `${"z".repeat(300_000)}\n`);
process.exit(3);
