import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Processes as far as a lock needs to know them: a seam for tests. */
export interface ProcessTable {
  /** Names this process, or this copy of the module in it: letters, digits and `-`, different for each. */
  readonly self: string;
  /**
   * Whether the process of that name has certainly ended. False also for one that cannot be known, such as one on
   * another host.
   */
  isGone(owner: string): boolean;
  /** Whether a text can be such a name. Absent: any can. */
  isName?(text: string): boolean;
}

/** What `self` looks like: number, start and place of the process, and a number of this copy of the module. */
const NAME = /^[1-9][0-9]*-[0-9]+-[0-9a-f]{12}-[0-9a-f]{8}$/;

/** The process table of the operating system. */
export function systemProcesses(): ProcessTable {
  const place = placeName();
  const self = `${process.pid}-${startOf("self")?.start ?? "0"}-${place}-${randomBytes(4).toString("hex")}`;
  return {
    self,
    isGone(owner: string): boolean {
      const [pid, start, at] = owner.split("-");
      if (at !== place || !/^[1-9][0-9]*$/.test(pid ?? "")) return false;
      if (!isAlive(Number(pid))) return true;
      if (start === "0") return false;
      const found = startOf(String(pid));
      // The number of a process that ended is given to another one; and one that nobody has waited for still has its number.
      return found !== undefined && (found.start !== start || found.isZombie);
    },
    isName: (text: string): boolean => NAME.test(text),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code !== "ESRCH";
  }
}

/** When a process started, in the kernel's ticks, where the kernel tells (Linux). */
function startOf(pid: string): { readonly start: string; readonly isZombie: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // the name before it may hold anything
    const start = fields[19];
    return start === undefined ? undefined : { start, isZombie: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined; // no such file system, or no such process: the number alone decides
  }
}

/** Where a process number means something: this host, and on Linux this namespace, such as one container. */
function placeName(): string {
  let namespace = "";
  try {
    namespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // no namespaces here
  }
  return createHash("sha256").update(`${hostname()} ${namespace}`).digest("hex").slice(0, 12);
}
