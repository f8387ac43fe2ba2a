export { ArchiveCompressor } from "./archive-compressor.ts";
export { Archives } from "./archives.ts";
export { type RotationOptions, type RotationSettings, readRotation } from "./rotation-options.ts";
export { RotationSchedule } from "./rotation-schedule.ts";
