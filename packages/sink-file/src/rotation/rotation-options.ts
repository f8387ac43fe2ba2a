import { describeValue, type OptionsCheck } from "@dagstack/logger-core";
import { parseDuration, parseSize } from "./size-and-duration.ts";

const MAX_KEEP = 100_000;
const SIZES = "a whole number of bytes, or a number with B, KB, MB, GB (powers of 1000), KiB, MiB or GiB (of 1024)";

/** When a file is set aside and how many of those are kept (§7.2, D-64, D-65). */
export interface RotationOptions {
  /** Rotate before a write that would pass this: bytes, or text such as `"100MB"` or `"64MiB"`. 0 or absent: not by size. */
  readonly size?: number | string;
  /**
   * Rotate at each UTC multiple of this: milliseconds, or text such as `"1h"` or `"1d"`. Looked at when something is
   * written. Absent: not by time.
   */
  readonly interval?: number | string;
  /**
   * How many rotated files (`f.1` is the newest) stay beside the live one. Default 0 (§9.1) without `totalBytes`:
   * **rotation then deletes what the live file held.**
   */
  readonly keep?: number;
  /** Compress archives with gzip, in the background: `f.1.gz`. Default false. */
  readonly compress?: boolean;
  /**
   * How many bytes all archives may hold together: the oldest are deleted first. Bytes or text as `size`. With it and
   * without `keep` their number is not limited. Default: no limit.
   */
  readonly totalBytes?: number | string;
}

/** `rotation` read, checked and with its defaults. */
export interface RotationSettings {
  /** 0: not by size. */
  readonly rotationSizeBytes: number;
  /** 0: not by time. */
  readonly rotationIntervalMs: number;
  readonly rotationKeep: number;
  /** 0: no limit. */
  readonly rotationTotalBytes: number;
  readonly rotationCompress: boolean;
}

/** Reads `rotation` (§7.2, D-64, D-65). */
export function readRotation(check: OptionsCheck): RotationSettings {
  const rotation = check.nested("rotation", ["size", "interval", "keep", "compress", "totalBytes"]);
  const sizeBytes = readSize(rotation, "size", 'use for example "100MB", or 0 for no rotation by size');
  const totalBytes = readSize(rotation, "totalBytes", 'use for example "5GB", or leave it out for no limit');
  const intervalMs = readInterval(rotation);
  const keep = rotation.integer("keep", {
    min: 0,
    max: MAX_KEEP,
    default: totalBytes > 0 ? MAX_KEEP : 0,
    unit: "files",
  });
  const compress = rotation.boolean("compress", false);
  const isOff = rotation.get("size") === undefined && rotation.get("interval") === undefined;
  const idle = (["keep", "compress", "totalBytes"] as const).filter((name) => rotation.get(name) !== undefined);
  if (isOff && idle.length > 0) {
    rotation.add({
      path: "rotation",
      reason: "missing",
      received: `${idle.join(", ")} without size and interval, which would never rotate`,
      allowed: "size, interval or both",
      fix: 'add for example size: "100MB"',
    });
  } else if (compress && keep === 0) {
    rotation.add({
      path: rotation.path("compress"),
      reason: "validation_failed",
      received: "compress with keep 0, which leaves nothing to compress",
      allowed: "compress with archives that are kept",
      fix: "add for example keep: 5",
    });
  } else if (totalBytes > 0 && totalBytes < sizeBytes) {
    rotation.add({
      path: rotation.path("totalBytes"),
      reason: "out_of_range",
      received: `${totalBytes}, which is less than one file of size ${sizeBytes}`,
      allowed: "at least size, for all archives together",
      fix: "raise totalBytes, or use keep: 0 to keep no archive",
    });
  }
  return {
    rotationSizeBytes: sizeBytes,
    rotationIntervalMs: intervalMs,
    rotationKeep: keep,
    rotationTotalBytes: totalBytes,
    rotationCompress: compress,
  };
}

const misfit = (value: unknown): "out_of_range" | "type_mismatch" =>
  typeof value === "string" || typeof value === "number" ? "out_of_range" : "type_mismatch";

function readSize(rotation: OptionsCheck, name: string, fix: string): number {
  const size = rotation.get(name);
  const bytes = size === undefined ? 0 : parseSize(size);
  if (bytes === undefined) {
    const received = describeValue(size);
    rotation.add({ path: rotation.path(name), reason: misfit(size), received, allowed: SIZES, fix });
  }
  return bytes ?? 0;
}

function readInterval(rotation: OptionsCheck): number {
  const interval = rotation.get("interval");
  const intervalMs = interval === undefined ? 0 : parseDuration(interval);
  if (intervalMs === undefined) {
    rotation.add({
      path: rotation.path("interval"),
      reason: misfit(interval),
      received: describeValue(interval),
      allowed: "a whole number of milliseconds of at least 1, or a whole number with ms, s, m, h or d",
      fix: 'use for example "1d", or leave it out for no rotation by time',
    });
  }
  return intervalMs ?? 0;
}
