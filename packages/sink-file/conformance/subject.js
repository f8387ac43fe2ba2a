import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FileSink, nodeFileSystem } from "@dagstack/sink-file";

/** A real file. Its faults are those of an operating system that refuses to write to it. */
class Disk {
  onDelivery = () => {};
  /** @type {Error | undefined} */
  #refusal;
  /** @type {import("@dagstack/sink-file").FileSystem} */
  fs = {
    ...nodeFileSystem,
    write: (fd, bytes, offset, length) => {
      this.onDelivery();
      if (this.#refusal !== undefined) throw this.#refusal;
      return nodeFileSystem.write(fd, bytes, offset, length);
    },
  };

  /**
   * From now on every write fails like this.
   * @param {string} code
   */
  refuse(code) {
    this.#refusal = Object.assign(new Error(`${code}: write`), { code });
  }

  recover() {
    this.#refusal = undefined;
  }
}

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "@dagstack/sink-file",
  module: import.meta.url,
  time: "manual",
  claims: {
    threshold: true,
    buffered: true,
    deliversWithinMs: 0,
    retries: true,
    durableFlush: true,
    lineLane: true,
    // Nothing is dropped while the file can be written; while it cannot, the oldest lines are.
    overflow: { strategies: ["block", "drop_oldest"], unit: "bytes" },
  },
  create({ folder, settings: { minSeverity = 1, overflow } }) {
    const path = join(folder, "log.jsonl");
    const disk = new Disk();
    const limit = overflow && { bufferBytes: Math.min(overflow.limit, 1024), maxBufferBytes: overflow.limit };
    return {
      sink: new FileSink(path, { minSeverity, ...limit }, { fs: disk.fs }),
      delivered: () => (existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : []),
      faults: {
        stall: () => disk.refuse("EAGAIN"),
        fail: () => disk.refuse("ENOSPC"),
        recover: () => disk.recover(),
        onDelivery(action) {
          disk.onDelivery = action;
        },
      },
    };
  },
};
