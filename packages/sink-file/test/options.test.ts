import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError } from "@dagstack/logger-core";
import { describe, expect, test } from "vitest";
import { readSettings } from "../src/options.ts";

function problem(path: unknown, options?: unknown): ConfigError {
  try {
    readSettings(path, options);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("accepted");
}

describe("FileSink options (§9.1, design §13)", () => {
  test("defaults", () => {
    expect(readSettings("/logs/f", undefined).settings).toEqual({
      id: undefined,
      minSeverity: 1,
      format: "dagstack",
      rotationSizeBytes: 0,
      rotationIntervalMs: 0,
      rotationKeep: 0,
      rotationTotalBytes: 0,
      rotationCompress: false,
      sync: false,
      fsync: "never",
      mkdir: false,
      fileMode: 0o644,
      bufferBytes: 65_536,
      maxBufferBytes: 16_777_216,
      closeTimeoutMs: 5_000,
      onOpenError: "throw",
      reopenOnSighup: false,
    });
  });

  test("a relative path is taken from the working directory of now", () => {
    expect(readSettings("logs/f", {}).path).toBe(resolve("logs/f"));
  });

  test("a file: URL is a path, as an object and as text (issue 11, O)", () => {
    expect(readSettings(pathToFileURL("/logs/a b"), {}).path).toBe("/logs/a b");
    expect(readSettings("file:///logs/a%20b", {}).path).toBe("/logs/a b");
    expect(readSettings("FILE:/logs/f", {}).path).toBe("/logs/f");
    expect(readSettings("logs/file:/f", {}).path).toBe(resolve("logs/file:/f"));
  });

  test("of any other URL nothing is repeated but its kind", () => {
    const { message } = problem("https://user:hunter2@example.org/f");
    expect(message).toContain("a URL with https:");
    expect(message).not.toMatch(/hunter2|example\.org/);
  });

  test("rotation without keep is allowed and has the published default 0 (§9.1)", () => {
    const { settings } = readSettings("/logs/f", { rotation: { size: "100MB", interval: "1d" } });
    expect([settings.rotationSizeBytes, settings.rotationIntervalMs, settings.rotationKeep]).toEqual([
      100_000_000, 86_400_000, 0,
    ]);
  });

  test("a buffer above the default limit raises the limit", () => {
    expect(readSettings("/logs/f", { bufferBytes: 20_000_000 }).settings.maxBufferBytes).toBe(20_000_000);
  });

  test.each([
    [0o640, 0o640],
    ["0640", 0o640],
    ["640", 0o640],
    ["0o600", 0o600],
    [0, 0],
    [0o777, 0o777],
    ["777", 0o777],
  ])("fileMode %j", (fileMode, mode) => {
    expect(readSettings("/logs/f", { fileMode }).settings.fileMode).toBe(mode);
  });

  test.each([
    [{ format: "dagstack" }, "format", "dagstack"],
    [{ onOpenError: "throw" }, "onOpenError", "throw"],
    [{ onOpenError: "retry" }, "onOpenError", "retry"],
    [{ fsync: "never" }, "fsync", "never"],
    [{ bufferBytes: 1, maxBufferBytes: 1 }, "bufferBytes", 1],
    [{ bufferBytes: 1, maxBufferBytes: 1 }, "maxBufferBytes", 1],
    [{ bufferBytes: 2 ** 30 }, "bufferBytes", 2 ** 30],
    [{ bufferBytes: 2 ** 30 }, "maxBufferBytes", 2 ** 30],
    [{ closeTimeoutMs: 0 }, "closeTimeoutMs", 0],
    [{ closeTimeoutMs: 2 ** 31 - 1 }, "closeTimeoutMs", 2 ** 31 - 1],
    [{ rotation: { size: 1, keep: 0 } }, "rotationKeep", 0],
    [{ rotation: { size: 1, totalBytes: "1KB" } }, "rotationTotalBytes", 1_000],
    [{ rotation: { size: 1, totalBytes: 10 } }, "rotationKeep", 100_000],
    [{ rotation: { size: 10, totalBytes: 10 } }, "rotationTotalBytes", 10],
    [{ rotation: { size: 1, totalBytes: 10, keep: 2 } }, "rotationKeep", 2],
    [{ rotation: { size: 1, totalBytes: 10, compress: true } }, "rotationCompress", true],
    [{ rotation: { size: 1, keep: 100_000 } }, "rotationKeep", 100_000],
  ] as const)("%j is taken: %s is %j", (options, name, value) => {
    expect(readSettings("/logs/f", options).settings[name]).toBe(value);
  });

  test.each([
    [undefined, {}, "path", "missing"],
    ["", {}, "path", "out_of_range"],
    [7, {}, "path", "type_mismatch"],
    [new URL("https://example.org/f"), {}, "path", "validation_failed"],
    ["https://example.org/f", {}, "path", "validation_failed"],
    ["file:logs/f", {}, "path", "validation_failed"],
    ["file://elsewhere/f", {}, "path", "validation_failed"],
    ["/f", { compress: true }, "compress", "unknown_key"],
    ["/f", { rotation: { size: 1, maxFiles: 5 } }, "rotation.maxFiles", "unknown_key"],
    ["/f", { rotation: { size: 10, totalBytes: 5 } }, "rotation.totalBytes", "out_of_range"],
    ["/f", { rotation: { size: 10, totalBytes: "much" } }, "rotation.totalBytes", "out_of_range"],
    ["/f", { rotation: { totalBytes: 5 } }, "rotation", "missing"],
    ["/f", { rotation: { compress: true } }, "rotation", "missing"],
    ["/f", { rotation: { size: 10, compress: true } }, "rotation.compress", "validation_failed"],
    ["/f", { rotation: { size: 10, keep: 1, compress: "gzip" } }, "rotation.compress", "type_mismatch"],
    ["/f", { reopenOnSighup: 1 }, "reopenOnSighup", "type_mismatch"],
    ["/f", { rotation: 5 }, "rotation", "type_mismatch"],
    ["/f", { rotation: { size: "100 mb" } }, "rotation.size", "out_of_range"],
    ["/f", { rotation: { size: -1 } }, "rotation.size", "out_of_range"],
    ["/f", { rotation: { size: null } }, "rotation.size", "type_mismatch"],
    ["/f", { rotation: { interval: 0 } }, "rotation.interval", "out_of_range"],
    ["/f", { rotation: { interval: "1w" } }, "rotation.interval", "out_of_range"],
    ["/f", { rotation: { size: 1, keep: -1 } }, "rotation.keep", "out_of_range"],
    ["/f", { rotation: { keep: 5 } }, "rotation", "missing"],
    ["/f", { fileMode: 640 }, "fileMode", "out_of_range"],
    ["/f", { fileMode: "0788" }, "fileMode", "out_of_range"],
    ["/f", { fileMode: true }, "fileMode", "type_mismatch"],
    ["/f", { fsync: "sometimes" }, "fsync", "out_of_range"],
    ["/f", { format: "pretty" }, "format", "out_of_range"],
    ["/f", { sync: "yes" }, "sync", "type_mismatch"],
    ["/f", { mkdir: 1 }, "mkdir", "type_mismatch"],
    ["/f", { bufferBytes: 0 }, "bufferBytes", "out_of_range"],
    ["/f", { maxBufferBytes: 100 }, "maxBufferBytes", "out_of_range"],
    ["/f", { bufferBytes: 2 ** 30 + 1 }, "bufferBytes", "out_of_range"],
    ["/f", { maxBufferBytes: 2 ** 30 + 1 }, "maxBufferBytes", "out_of_range"],
    ["/f", { closeTimeoutMs: -1 }, "closeTimeoutMs", "out_of_range"],
    ["/f", { closeTimeoutMs: 2 ** 31 }, "closeTimeoutMs", "out_of_range"],
    ["/f", { rotation: { size: 1, keep: 100_001 } }, "rotation.keep", "out_of_range"],
    ["/f", { fileMode: 0o1000 }, "fileMode", "out_of_range"],
    ["/f", { fileMode: "07777" }, "fileMode", "out_of_range"],
    ["/f", { onOpenError: "ignore" }, "onOpenError", "out_of_range"],
    ["/f", { minSeverity: "loud" }, "minSeverity", "out_of_range"],
    ["/f", { id: "" }, "id", "out_of_range"],
  ])("path %j with %j is refused at %s (%s), saying what is allowed", (path, options, at, reason) => {
    const error = problem(path, options);
    expect([error.path, error.reason]).toEqual([at, reason]);
    expect(error.message).toContain("FileSink: ");
    expect(error.message).toContain("allowed: ");
  });

  test("all problems are listed at once", () => {
    expect(problem("", { sync: 1, fsync: 1 }).issues.map((issue) => issue.path)).toEqual(["path", "sync", "fsync"]);
  });
});
