import type { Clock } from "@dagstack/logger-core";
import { FileLock, type FileSystem, type ProcessTable } from "@dagstack/logger-core/files";
import { LiveFile } from "./live-file.ts";
import type { FileSinkSettings } from "./options.ts";
import {
  ArchiveCompressor,
  Archives,
  Background,
  MAX_DENSE,
  Retention,
  RotationSchedule,
  Upkeep,
} from "./rotation/index.ts";

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

/** The live file with what its settings ask for: a lock if it is rotated, and somebody who looks after its archives. */
export function createFile(
  settings: FileSinkSettings,
  surroundings: FileSurroundings,
): { readonly file: LiveFile; readonly upkeep: Upkeep | undefined } {
  const { fs, path, clock, processes, pause, onError } = surroundings;
  const { fileMode, mkdir, fsync, rotationKeep: keep, rotationTotalBytes: totalBytes } = settings;
  const rotation = new RotationSchedule(settings.rotationSizeBytes, settings.rotationIntervalMs);
  const archives = new Archives({ fs, path, keep });
  const lock = rotation.isOff
    ? undefined
    : new FileLock({ fs, path: `${path}.lock`, processes, clock, pause, onError, without: "the file is not rotated" });
  let upkeep: Upkeep | undefined;
  const mayRotate = (fileBytes: number): boolean => upkeep?.isReady(fileBytes) ?? true;
  const onRotated = (): void => upkeep?.rotated();
  const file = new LiveFile({
    ...surroundings,
    fileMode,
    mkdir,
    fsync,
    rotation,
    keep,
    archives,
    lock,
    mayRotate,
    onRotated,
  });
  if (settings.rotationCompress || totalBytes > 0 || keep > MAX_DENSE) {
    const background = new Background({ clock, alone: (action) => file.alone(action) });
    const retention = new Retention(archives.set, keep, totalBytes);
    const compressor = settings.rotationCompress
      ? new ArchiveCompressor({ fs, path, archives, processes, clock, background, onError })
      : undefined;
    upkeep = new Upkeep({
      archives,
      retention,
      compressor,
      background,
      clock,
      sizeBytes: settings.rotationSizeBytes,
      onError,
    });
  }
  return { file, upkeep };
}
