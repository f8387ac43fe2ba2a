import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ConsoleSink } from "@dagstack/sink-console";

/** The stderr of a process, redirected to a real file. Its faults are those of the operating system below it. */
class Stderr {
  /** As Node marks the standard streams that it makes. */
  _isStdio = true;
  onDelivery = () => {};
  /** @type {Error | undefined} */
  #refusal;

  /** @param {string} path */
  constructor(path) {
    this.path = path;
    this.fd = openSync(path, "a");
    /** @type {import("@dagstack/sink-console").DescriptorWriter} */
    this.descriptors = {
      writeSync: (fd, bytes, offset, length) => {
        this.onDelivery();
        if (this.#refusal !== undefined) throw this.#refusal;
        return writeSync(fd, bytes, offset, length);
      },
      sleepSync() {}, // the time of the suite stands still
    };
  }

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

  get writableLength() {
    return 0;
  }

  write() {
    throw new Error("the sink writes past the stream, by its descriptor");
  }

  lines() {
    return readFileSync(this.path, "utf8").split("\n").slice(0, -1);
  }
}

/** @type {import("@dagstack/sink-conformance").SinkSubject} */
export const subject = {
  name: "@dagstack/sink-console",
  module: import.meta.url,
  time: "manual",
  claims: {
    threshold: true,
    buffered: true,
    deliversWithinMs: 0,
    retries: true,
    durableFlush: true,
    lineLane: true,
    // Nothing is dropped while the stream takes what is written; while it does not, the oldest lines are.
    overflow: { strategies: ["block", "drop_oldest"], unit: "bytes" },
  },
  create({ folder, settings: { minSeverity, overflow } }) {
    const stderr = new Stderr(join(folder, "stderr.jsonl"));
    return {
      sink: new ConsoleSink(
        { mode: "json", minSeverity, maxBufferBytes: overflow?.limit },
        { process: { stderr }, descriptors: stderr.descriptors },
      ),
      delivered: () => stderr.lines(),
      faults: {
        stall: () => stderr.refuse("EAGAIN"), // a full pipe
        fail: () => stderr.refuse("ENOSPC"),
        reject: () => stderr.refuse("EPIPE"), // the reader is gone
        recover: () => stderr.recover(),
        onDelivery(action) {
          stderr.onDelivery = action;
        },
      },
      dispose: () => closeSync(stderr.fd),
    };
  },
};
