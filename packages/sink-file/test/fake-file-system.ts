import type { FileStatus, FileSystem } from "../src/index.ts";

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
  readonly directories = new Set<string>(["/", "/logs"]);
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
    const { id, bytes, modifiedMs, isRegular } = this.#inode(fd);
    return { identity: String(id), sizeBytes: bytes.length, modifiedMs, isRegular };
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
