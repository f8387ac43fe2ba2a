// node workerd-host.mjs <miniflare's URL> <options.json>: runs a Worker once and prints what it logged and its results.
import { readFileSync } from "node:fs";
import { RESULT_MARK } from "./programs/points.mjs";

const [miniflare, optionsFile] = process.argv.slice(2);
const { Miniflare } = await import(miniflare);
const { script, flags, otlpUrl } = JSON.parse(readFileSync(optionsFile, "utf8"));

const worker = new Miniflare({
  modules: true,
  script: readFileSync(script, "utf8"),
  compatibilityDate: "2026-01-01",
  compatibilityFlags: flags,
  bindings: { OTLP_URL: otlpUrl, SYNC_ONLY: !flags.includes("nodejs_compat") },
  handleRuntimeStdio(stdout, stderr) {
    stdout.pipe(process.stdout, { end: false });
    stderr.pipe(process.stdout, { end: false });
  },
});
try {
  const response = await worker.dispatchFetch("http://worker.example/");
  const text = await response.text();
  // What the runtime prints comes by a pipe of its own.
  await new Promise((resolve) => setTimeout(resolve, 200));
  console.log(`\n${response.ok ? RESULT_MARK : "failed: "}${text}`);
} finally {
  await worker.dispose();
}
