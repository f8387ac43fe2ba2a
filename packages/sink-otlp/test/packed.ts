import type { LogRecord } from "@dagstack/logger-core";
import { toOtlpProtobuf } from "@dagstack/logger-core/wire";
import { type PackedRecord, RecordPacker } from "../src/packed-records.ts";

/** Records as they wait. */
export function packed(records: readonly LogRecord[], packer: RecordPacker = new RecordPacker()): PackedRecord[] {
  return records.map((record) => packer.pack(toOtlpProtobuf([record])));
}
