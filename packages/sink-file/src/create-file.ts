import type { Clock } from "@dagstack/logger-core";
import { FileLock, type FileSystem, type ProcessTable } from "@dagstack/logger-core/files";
import { LiveFile } from "./live-file.ts";
import type { FileSinkSettings } from "./options.ts";
import { ArchiveCompressor, Archives, RotationSchedule } from "./rotation/index.ts";

/** What the file of a sink is made from, beside its settings. */
export interface FileSurroundings {
  readonly fs: FileSystem;
  readonly path: string;
  readonly clock: () => Clock;
  readonly processes: ProcessTable;
  readonly pause: (ms: number) => void;
  readonly onError: (error: unknown) => void;
  readonly onHealed: () => void;
}

/** The live file with what its settings ask for: a lock if it is rotated, a compressor if its archives are compressed. */
export function createFile(
  settings: FileSinkSettings,
  surroundings: FileSurroundings,
): { readonly file: LiveFile; readonly compressor: ArchiveCompressor | undefined } {
  const { fs, path, clock, processes, pause, onError } = surroundings;
  const { fileMode, mkdir, fsync, rotationKeep: keep, rotationTotalBytes: totalBytes } = settings;
  const rotation = new RotationSchedule(settings.rotationSizeBytes, settings.rotationIntervalMs);
  const archives = new Archives({ fs, path, keep, totalBytes });
  const lock = rotation.isOff
    ? undefined
    : new FileLock({ fs, path: `${path}.lock`, processes, clock, pause, onError, without: "the file is not rotated" });
  const onRotated = (): void => {
    archives.retain();
    compressor?.wake();
  };
  const file = new LiveFile({ ...surroundings, fileMode, mkdir, fsync, rotation, keep, archives, lock, onRotated });
  const alone = (action: () => void) => file.alone(action);
  const compressor = settings.rotationCompress
    ? new ArchiveCompressor({ fs, path, archives, processes, clock, alone, onError })
    : undefined;
  return { file, compressor };
}
