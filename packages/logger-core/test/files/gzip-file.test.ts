import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gzipFile } from "../../src/files/gzip-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gzip-file-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test.each([0, 1, 1_000_000])("a copy of %d bytes unpacks to them, with the source's permissions", async (size) => {
  const [from, to] = [join(directory, "from"), join(directory, "to")];
  const bytes = randomBytes(size);
  writeFileSync(from, bytes);
  chmodSync(from, 0o600);
  let turns = 0;
  const made = await gzipFile(from, to, async () => void turns++, new AbortController().signal);
  const { dev, ino } = statSync(from);
  expect(made).toEqual({ identity: `${dev}:${ino}`, sizeBytes: size });
  expect(gunzipSync(readFileSync(to)).equals(bytes)).toBe(true);
  expect([statSync(to).mode & 0o777, turns]).toEqual([0o600, Math.ceil(size / 262_144)]);
});

test("stopped in between it removes the copy", async () => {
  const [from, to] = [join(directory, "from"), join(directory, "to")];
  writeFileSync(from, randomBytes(600_000));
  const stop = new AbortController();
  await expect(gzipFile(from, to, async () => stop.abort(), stop.signal)).rejects.toMatchObject({ name: "AbortError" });
  expect(existsSync(to)).toBe(false);
});

test("a name that is taken is left alone", async () => {
  const [from, to] = [join(directory, "from"), join(directory, "to")];
  writeFileSync(from, "x");
  writeFileSync(to, "mine");
  await expect(gzipFile(from, to, async () => {}, new AbortController().signal)).rejects.toMatchObject({
    code: "EEXIST",
  });
  expect(readFileSync(to, "utf8")).toBe("mine");
});
