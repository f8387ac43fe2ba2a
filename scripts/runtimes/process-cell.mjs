// A cell that is a process: the points, then bursts into a slow pipe and into a file that end in every way.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../checks/run-command.mjs";
import { BURST } from "./programs/process-main.mjs";
import { LIBRARIES, readPoints } from "./results.mjs";

const TIMEOUT_MS = 30_000;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const PIPE = here("into-slow-reader.sh");
const SLOW_READER = here("slow-reader.mjs");
const ENDS = ["return", "exit", "throw"];

/**
 * Runs both libraries' programs; the answer has the results of each.
 *
 * @param command answers the command line that runs a library's program, such as `["node", "process-dagstack.mjs"]`.
 * @param without what this cell does not have (`pipe`, `file`, `otlp`), with the reason.
 */
export async function processCell({ command, folder, otlp, without = {} }) {
  const results = {};
  for (const library of LIBRARIES) results[library] = await ofLibrary({ command, library, folder, otlp, without });
  return results;
}

async function ofLibrary({ command, library, folder, otlp, without }) {
  mkdirSync(folder, { recursive: true });
  const line = command(library);
  const url = without.otlp === undefined ? otlp.url(library) : undefined;
  const ran = await runCommand(line[0], [...line.slice(1), "points", ...(url ? [url] : [])], {
    cwd: folder,
    timeoutMs: TIMEOUT_MS,
  });
  const results = readPoints(ran, otlp.received(library));
  for (const destination of ["pipe", "file"]) {
    for (const end of ENDS) {
      results[`${destination}-${end}`] =
        without[destination] === undefined
          ? await burst({ line, folder, library, destination, end })
          : { absent: without[destination] };
    }
  }
  return results;
}

async function burst({ line, folder, library, destination, end }) {
  const name = `${library}-${destination}-${end}`;
  const output = join(folder, `${name}.out`);
  const file = join(folder, `${name}.jsonl`);
  const piped = [PIPE, process.execPath, SLOW_READER, output, ...line, "burst", destination, end, file];
  const ran = await runCommand("bash", piped, { cwd: folder, timeoutMs: TIMEOUT_MS });
  const status = /^ended (\d+)$/m.exec(ran.output)?.[1];
  if (!ran.ok || status === undefined) return `did not end: ${ran.output}`;
  const written = destination === "pipe" ? output : file;
  const text = existsSync(written) ? readFileSync(written, "utf8") : "";
  const arrived = new Set([...text.matchAll(/"n":(\d+)/g)].map(([, n]) => n)).size;
  if (arrived !== BURST) return `${arrived} of ${BURST} arrived`;
  if ((status !== "0") !== (end === "throw")) return `exit status ${status}`;
  return null;
}
