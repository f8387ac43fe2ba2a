import { open, rm } from "node:fs/promises";
import { createGzip } from "node:zlib";

/** Read, compressed and written before the next turn: some milliseconds of a background thread's work. */
const PIECE_BYTES = 262_144;

/**
 * `FileSystem.gzip` of `node:fs`: reading, compressing and writing happen on background threads, one piece at a time, and
 * nothing is under way while `turn` is waited for. The copy has the source's permissions and is forced to the disk before
 * this resolves, since whoever asked for it is about to delete the source.
 */
export async function gzipFile(
  from: string,
  to: string,
  turn: () => Promise<void>,
  stop: AbortSignal,
): Promise<{ identity: string; sizeBytes: number }> {
  const source = await open(from, "r");
  try {
    const status = await source.stat();
    const target = await open(to, "wx", status.mode & 0o777);
    try {
      const sizeBytes = await copy(source, target, turn, stop);
      await target.sync();
      return { identity: `${status.dev}:${status.ino}`, sizeBytes };
    } catch (error) {
      await rm(to, { force: true });
      throw error;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

async function copy(source: Handle, target: Handle, turn: () => Promise<void>, stop: AbortSignal): Promise<number> {
  const gzip = createGzip();
  const made: Buffer[] = [];
  gzip.on("data", (bytes: Buffer) => made.push(bytes));
  const ended = new Promise<void>((resolve, reject) => {
    gzip.on("end", resolve);
    gzip.on("error", reject);
  });
  ended.catch(() => {}); // seen by the write that fails, or awaited below
  const piece = Buffer.alloc(PIECE_BYTES);
  let total = 0;
  try {
    for (;;) {
      stop.throwIfAborted();
      const { bytesRead } = await source.read(piece, 0, PIECE_BYTES, total);
      if (bytesRead === 0) break;
      total += bytesRead;
      await new Promise<void>((resolve, reject) => {
        gzip.write(piece.subarray(0, bytesRead), (error) => (error ? reject(error) : resolve()));
      });
      for (const bytes of made.splice(0)) await target.appendFile(bytes);
      await turn();
    }
    gzip.end();
    await ended;
    for (const bytes of made.splice(0)) await target.appendFile(bytes);
    return total;
  } finally {
    gzip.destroy();
  }
}
