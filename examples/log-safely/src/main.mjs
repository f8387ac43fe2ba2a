// Programs with Express, Fastify and axios that log what they have, `req`, `res` and errors, as people do: what arrives is short,
// and none of the secrets is in it. With --check it prints no records, and fails when something is wrong.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configure, Logger } from "@dagstack/logger";
import { ConsoleSink } from "@dagstack/sink-console";
import { FileSink } from "@dagstack/sink-file";
import { InMemorySink } from "@dagstack/sink-memory";
import { withAxios } from "./with-axios.mjs";
import { withExpress } from "./with-express.mjs";
import { withFastify } from "./with-fastify.mjs";

/** In headers, cookies, queries, bodies and answers of all requests. */
const SECRET = "s3cret-of-ann";
const MOST_BYTES = 2000;
const MOST_ERROR_BYTES = 4000;

const folder = mkdtempSync(join(tmpdir(), "log-safely-"));
const path = join(folder, "app.jsonl");
const texts = [];
const memory = new InMemorySink();
const stream = { write: (text) => void texts.push(text) };
const isCheck = process.argv.includes("--check");
const logging = configure({
  level: "trace",
  resource: { "service.name": "log-safely" },
  sinks: [memory, new FileSink(path), new ConsoleSink({ mode: "pretty", stream, color: "never" })],
});

await withExpress(Logger.get("express"), SECRET);
await withFastify(Logger.get("fastify"), SECRET);
await withAxios(Logger.get("axios"), SECRET);
await logging.close();

const lines = readFileSync(path, "utf8").trimEnd().split("\n");
rmSync(folder, { recursive: true });
const problems = [];
for (const line of lines) {
  const { attributes, body } = JSON.parse(line);
  const told = JSON.stringify({ attributes, body });
  const limit = told.includes("stacktrace") ? MOST_ERROR_BYTES : MOST_BYTES;
  const bytes = Buffer.byteLength(line);
  if (!isCheck) console.log(`${bytes} bytes: ${line}\n`);
  if (bytes > limit) problems.push(`${bytes} bytes, at most ${limit}: ${line.slice(0, 200)}`);
}
const everywhere = {
  file: lines.join("\n"),
  memory: JSON.stringify(memory.records(), (_, v) => (typeof v === "bigint" ? Number(v) : v)),
  pretty: texts.join(""),
};
for (const [sink, text] of Object.entries(everywhere)) if (text.includes(SECRET)) problems.push(`a secret in ${sink}`);
for (const needed of [
  "/orders/42",
  "incoming request",
  "Request failed with status code 401",
  "ECONNREFUSED",
  "/login?token=***",
]) {
  if (!everywhere.file.includes(needed)) problems.push(`${needed} is missing`);
}
if (lines.length < 12) problems.push(`only ${lines.length} records`);
console.log(`${lines.length} records, ${problems.length} problems`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
