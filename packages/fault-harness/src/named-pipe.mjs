import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";

/**
 * A named pipe in the folder, its reader in this process, which takes nothing until it is told to. `writer` is the
 * descriptor for children, to be closed here with `closeWriter()` once they have it. `read(pauseMs)` starts reading, all there
 * is or 64 KiB at a time with a pause between; `hangUp()` closes the reading end instead. `text` resolves at the end of the
 * pipe with all that was read.
 *
 * @param {string} folder
 */
export function namedPipe(folder) {
  const path = join(folder, `pipe-${randomUUID()}`);
  execFileSync("mkfifo", [path]);
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  /** @type {(text: string) => void} */
  let finish = () => {};
  /** @type {Promise<string>} */
  const text = new Promise((resolve) => {
    finish = resolve;
  });
  const read = (pauseMs = 0) => {
    /** @type {Buffer[]} */
    const chunks = [];
    const socket = new Socket({ fd: readEnd, readable: true, writable: false });
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (pauseMs === 0) return;
      socket.pause();
      setTimeout(() => socket.resume(), pauseMs);
    });
    socket.once("close", () => finish(Buffer.concat(chunks).toString()));
  };
  return { writer, closeWriter: () => closeSync(writer), read, hangUp: () => closeSync(readEnd), text };
}
