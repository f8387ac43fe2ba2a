import { basename, dirname } from "node:path";
import type { FileStatus, FileSystem, GzipCopy } from "../src/index.ts";

/** One file, whatever its name is. */
interface Inode {
  readonly id: number;
  bytes: number[];
  modifiedMs: number;
  readonly isRegular: boolean;
}

export type Operation = keyof FileSystem;

/** A file system in memory whose every call can be made to fail, or to take fewer bytes. */
export class FakeFileSystem implements FileSystem {
  readonly names = new Map<string, Inode>();
  readonly locks = new Map<string, string>();
  readonly directories = new Set<string>(["/", "/logs"]);
  /** Where links lead; what is read and written through them is in `names`. */
  readonly links = new Map<string, string>();
  /** Every call, such as `write` or `rename /logs/f /logs/f.1`. */
  readonly calls: string[] = [];
  /** Asked before each call: a code to fail with, or for `write` the number of bytes to take. */
  fault: (operation: Operation, detail: string) => string | number | undefined = () => undefined;
  /** What `modifiedMs` of a written file becomes. */
  nowMs = 1_700_000_000_000;
  readonly #open = new Map<number, Inode>();
  #nextFd = 3;
  #nextId = 1;

  /** Fails these operations with `code` until `heal`. */
  fail(code: string, ...operations: Operation[]): void {
    this.fault = (operation) => (operations.includes(operation) ? code : undefined);
  }

  heal(): void {
    this.fault = () => undefined;
  }

  get openCount(): number {
    return this.#open.size;
  }

  text(path: string): string | undefined {
    const inode = this.names.get(path);
    return inode === undefined ? undefined : new TextDecoder().decode(Uint8Array.from(inode.bytes));
  }

  put(path: string, text: string, isRegular = true): void {
    const bytes = [...new TextEncoder().encode(text)];
    this.names.set(path, { id: this.#nextId++, bytes, modifiedMs: this.nowMs, isRegular });
  }

  count(prefix: string): number {
    return this.calls.filter((call) => call.startsWith(prefix)).length;
  }

  open(path: string): number {
    this.#enter("open", path);
    if (!this.directories.has(path.slice(0, path.lastIndexOf("/")) || "/")) throw failure("ENOENT");
    if (!this.names.has(path)) this.put(path, "");
    const inode = this.names.get(path);
    if (inode === undefined) throw failure("ENOENT");
    const fd = this.#nextFd++;
    this.#open.set(fd, inode);
    return fd;
  }

  write(fd: number, bytes: Uint8Array, offset: number, length: number): number {
    const limit = this.#enter("write", String(length));
    const inode = this.#inode(fd);
    const taken = Math.min(length, limit ?? length);
    for (const byte of bytes.subarray(offset, offset + taken)) inode.bytes.push(byte);
    inode.modifiedMs = this.nowMs;
    return taken;
  }

  fsync(fd: number): void {
    this.#enter("fsync", "");
    this.#inode(fd);
  }

  status(fd: number): FileStatus {
    this.#enter("status", "");
    return this.#statusOf(this.#inode(fd));
  }

  statusOf(path: string): FileStatus | undefined {
    this.#enter("statusOf", path);
    const inode = this.names.get(path);
    return inode === undefined ? undefined : this.#statusOf(inode);
  }

  readEnd(path: string, length: number): Uint8Array {
    this.#enter("readEnd", path);
    const inode = this.names.get(path);
    if (inode === undefined) throw failure("ENOENT");
    return Uint8Array.from(inode.bytes.slice(-length));
  }

  remove(path: string): void {
    this.#enter("remove", path);
    this.names.delete(path);
    this.locks.delete(path);
  }

  list(directory: string): readonly string[] {
    this.#enter("list", directory);
    return [...this.names.keys()].filter((path) => dirname(path) === directory).map((path) => basename(path));
  }

  lock(path: string, owner: string): void {
    this.#enter("lock", path);
    if (!this.directories.has(dirname(path))) throw failure("ENOENT");
    if (this.locks.has(path) || this.names.has(path) || this.directories.has(path)) throw failure("EEXIST");
    this.locks.set(path, owner);
  }

  lockOwner(path: string): string | undefined {
    this.#enter("lockOwner", path);
    return this.names.has(path) || this.directories.has(path) ? "" : this.locks.get(path);
  }

  /** The copy is `gzip:` and the source's text, made in as many pieces as there are lines. */
  async gzip(from: string, to: string, turn: () => Promise<void>, stop: AbortSignal): Promise<GzipCopy> {
    this.#enter("gzip", `${from} ${to}`);
    const inode = this.names.get(from);
    if (inode === undefined) throw failure("ENOENT");
    this.put(to, "gzip:");
    const text = new TextDecoder().decode(Uint8Array.from(inode.bytes));
    for (let lines = text.split("\n").length; lines > 1; lines--) {
      await turn();
      if (stop.aborted) {
        this.names.delete(to);
        throw failure("ABORT_ERR");
      }
    }
    this.names.get(to)?.bytes.push(...new TextEncoder().encode(text));
    return { identity: String(inode.id), sizeBytes: text.length };
  }

  linkTarget(path: string): string | undefined {
    return this.links.get(path);
  }

  truncate(fd: number, sizeBytes: number): void {
    this.#enter("truncate", String(sizeBytes));
    this.#inode(fd).bytes.length = sizeBytes;
  }

  close(fd: number): void {
    const inode = this.#inode(fd);
    this.#open.delete(fd);
    this.#enter("close", String(inode.id));
  }

  rename(from: string, to: string): void {
    this.#enter("rename", `${from} ${to}`);
    const inode = this.names.get(from);
    if (inode === undefined) throw failure("ENOENT");
    this.names.delete(from);
    this.names.set(to, inode);
  }

  exists(path: string): boolean {
    return this.names.has(path);
  }

  makeDirectory(path: string): void {
    this.#enter("makeDirectory", path);
    this.directories.add(path);
  }

  #statusOf(inode: Inode): FileStatus {
    const { id, bytes, modifiedMs, isRegular } = inode;
    const { names } = this;
    return {
      identity: String(id),
      sizeBytes: isRegular ? bytes.length : 0,
      modifiedMs,
      isRegular,
      get links() {
        return [...names.values()].filter((named) => named === inode).length; // counted only when asked for
      },
    };
  }

  #inode(fd: number): Inode {
    const inode = this.#open.get(fd);
    if (inode === undefined) throw failure("EBADF");
    return inode;
  }

  #enter(operation: Operation, detail: string): number | undefined {
    this.calls.push(detail === "" ? operation : `${operation} ${detail}`);
    const fault = this.fault(operation, detail);
    if (typeof fault === "string") throw failure(fault);
    return fault;
  }
}

export function failure(code: string): Error {
  return Object.assign(new Error(`${code}: as the test asked`), { code });
}
