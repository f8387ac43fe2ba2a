// node slow-reader.mjs <file>: copies standard input to a file, 64 KiB every 5 ms, as a log shipper under load reads.
import { appendFileSync, readSync } from "node:fs";

const CHUNK_BYTES = 64 * 1024;
const PAUSE_MS = 5;

const [file] = process.argv.slice(2);
const chunk = Buffer.alloc(CHUNK_BYTES);
const cell = new Int32Array(new SharedArrayBuffer(4));

for (;;) {
  let bytes;
  try {
    bytes = readSync(0, chunk);
  } catch (error) {
    if (error.code !== "EAGAIN") throw error;
    Atomics.wait(cell, 0, 0, PAUSE_MS);
    continue;
  }
  if (bytes === 0) break;
  appendFileSync(file, chunk.subarray(0, bytes));
  Atomics.wait(cell, 0, 0, PAUSE_MS);
}
