import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} ProgramOptions
 * @property {"ignore" | "pipe"} [stdin] Default: nothing can be written to it.
 * @property {"pipe" | number} [stdout] A socket pair, as Node's own children have (the default), or a descriptor.
 * @property {"pipe" | number} [stderr]
 * @property {readonly string[]} [flags] Node's, before the program.
 * @property {string} [runtime] The binary that runs the program. Default: this Node.
 */

/**
 * @typedef {object} ProgramEnd
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {string} stdout
 * @property {string} stderr
 * @property {Record<string, any>} facts What the program said of itself, see `say`; later facts of a name replace earlier ones.
 */

/**
 * Starts programs of a folder: `start(name, argument, options)` runs `<name>.mjs` under this Node, with the argument as JSON.
 * `says(fact)` resolves once the program has told a fact of that name, or has ended; `end` resolves with all it left.
 *
 * @param {URL} folder
 */
export function programsIn(folder) {
  /**
   * @param {string} name
   * @param {unknown} [argument]
   * @param {ProgramOptions} [options]
   */
  return function start(name, argument = {}, options = {}) {
    const { stdin = "ignore", stdout = "pipe", stderr = "pipe", flags = [], runtime = process.execPath } = options;
    const program = fileURLToPath(new URL(`${name}.mjs`, folder));
    const child = spawn(runtime, [...flags, program, JSON.stringify(argument)], {
      stdio: [stdin, stdout, stderr, "pipe"],
      env: { ...process.env, NO_COLOR: "1", OTEL_SERVICE_NAME: "faults" },
    });
    const text = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (chunk) => {
      text.stdout += chunk;
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk) => {
      text.stderr += chunk;
    });
    const { facts, says, stop } = factsFrom(/** @type {import("node:net").Socket} */ (child.stdio[3]));
    /** @type {Promise<ProgramEnd>} */
    const end = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        stop();
        resolve({ code, signal, ...text, facts });
      });
    });
    return { child, says, end };
  };
}

/** @param {import("node:stream").Readable} stream */
function factsFrom(stream) {
  /** @type {Record<string, any>} */
  const facts = {};
  /** @type {Set<() => void>} */
  const watchers = new Set();
  let hasEnded = false;
  let rest = "";
  const wake = () => {
    for (const watcher of watchers) watcher();
  };
  stream.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? ""; // of a program that is killed, half a line may be all that comes
    for (const line of lines) Object.assign(facts, JSON.parse(line));
    wake();
  });
  /** @type {(fact: string) => Promise<void>} */
  const says = (fact) =>
    new Promise((resolve) => {
      const look = () => {
        if (!hasEnded && !(fact in facts)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  const stop = () => {
    hasEnded = true;
    wake();
  };
  return { facts, says, stop };
}
