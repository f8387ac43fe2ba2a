import { equal } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function run(load) {
  const { FileSink } = await load("@dagstack/sink-file");
  const { testRecord } = await load("@dagstack/logger-core/testing");
  const folder = mkdtempSync(join(tmpdir(), "dagstack-file-"));
  try {
    const file = join(folder, "log.jsonl");
    const sink = new FileSink(file);
    sink.emit(testRecord({ body: "written" }));
    equal((await sink.flush()).success, true);
    await sink.close();
    equal(JSON.parse(readFileSync(file, "utf8")).body, "written");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
