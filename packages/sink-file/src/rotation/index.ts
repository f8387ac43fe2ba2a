export { ArchiveCompressor } from "./archive-compressor.ts";
export { MAX_DENSE } from "./archive-set.ts";
export { Archives } from "./archives.ts";
export { Background } from "./background.ts";
export { Retention } from "./retention.ts";
export { type RotationOptions, type RotationSettings, readRotation } from "./rotation-options.ts";
export { RotationSchedule } from "./rotation-schedule.ts";
export { systemPath } from "./system-path.ts";
export { Upkeep } from "./upkeep.ts";
