/** What a queued item costs in memory, roughly: for the byte bound of a queue; exact sizes would cost too much. */
import type { LogRecord } from "../../record/index.ts";

/** The record itself with its times, ids and places in the queue. */
const RECORD_BYTES = 320;
const VALUE_BYTES = 24;
/** Items are trees of our own making, but `transform` may return anything. */
const MAX_VALUES = 100_000;

/** The heap a record takes, without the resource and scope that all records share. Never throws. */
export function estimateRecordBytes(record: LogRecord): number {
  return RECORD_BYTES + estimateBytes(record.body) + estimateBytes(record.attributes);
}

/**
 * The heap a value takes: strings at a byte a character, bytes as they are, maps and arrays with all they hold. Never
 * throws and always ends, on cyclic and hostile values too.
 */
export function estimateBytes(value: unknown): number {
  let bytes = 0;
  let values = 0;
  const open: unknown[] = [value];
  try {
    while (open.length > 0 && values < MAX_VALUES) {
      const next = open.pop();
      values += 1;
      if (typeof next === "string") bytes += VALUE_BYTES + next.length;
      else if (typeof next !== "object" || next === null) bytes += VALUE_BYTES;
      else if (ArrayBuffer.isView(next)) bytes += VALUE_BYTES + next.byteLength;
      else bytes += VALUE_BYTES + openMembers(next, open);
    }
  } catch {
    // A getter or proxy that throws: what was counted until then must do. Only the bound gets less exact.
  }
  return bytes;
}

/** Puts the members of a map or array on the pile; answers the length of the keys. */
function openMembers(container: object, open: unknown[]): number {
  if (Array.isArray(container)) {
    for (const item of container) open.push(item);
    return 0;
  }
  let keyBytes = 0;
  for (const key in container) {
    keyBytes += key.length;
    open.push((container as Record<string, unknown>)[key]);
  }
  return keyBytes;
}
