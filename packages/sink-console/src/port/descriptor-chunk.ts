import type { ChunkFate } from "../foreign/index.ts";

/** Bytes on their way to a descriptor. */
export interface DescriptorChunk<Fate = Omit<ChunkFate, "guard">> {
  readonly bytes: Uint8Array;
  /** How much is out. */
  offset: number;
  readonly fate: Fate;
}

/** What a pipe takes in one piece, whoever else writes to it (`PIPE_BUF` of Linux). */
const PIPE_BYTES = 4096;
const LINE_FEED = 0x0a;

/** Whether half a line of it is out. */
export function isMidLine({ bytes, offset }: DescriptorChunk<unknown>): boolean {
  return offset > 0 && offset < bytes.length && bytes[offset - 1] !== LINE_FEED;
}

/** How many bytes come next: the whole lines that a pipe takes in one piece, or one line if that is longer. */
export function nextPiece({ bytes, offset }: DescriptorChunk<unknown>): number {
  const left = bytes.length - offset;
  if (left <= PIPE_BYTES) return left;
  const last = bytes.lastIndexOf(LINE_FEED, offset + PIPE_BYTES - 1);
  if (last >= offset) return last + 1 - offset;
  const next = bytes.indexOf(LINE_FEED, offset + PIPE_BYTES);
  return next < 0 ? left : next + 1 - offset;
}
