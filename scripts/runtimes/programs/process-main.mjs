// The program of every cell that is a process: `points [otlpUrl]`, or `burst <pipe|file> <return|exit|throw> [path]`.
import { points, RESULT_MARK } from "./points.mjs";

export const BURST = 20_000;

export async function main(adapter, burst, [task, ...args]) {
  if (task === "points") {
    const [otlpUrl] = args;
    console.log(RESULT_MARK + JSON.stringify(await points(adapter, { otlpUrl })));
    return;
  }
  const [destination, end, path] = args;
  const log = await burst(destination, path);
  // Out of the promise, so that what is thrown is an uncaught error.
  setTimeout(() => {
    for (let n = 0; n < BURST; n++) log(n);
    if (end === "exit") process.exit(0);
    if (end === "throw") throw new Error("thrown after the burst");
  }, 0);
}
