import { dirname, join } from "node:path";
import { ConfigError, describeError, describeValue } from "@dagstack/logger-core";
import { errorCode } from "@dagstack/logger-core/files";

interface Advice {
  readonly allowed: string;
  readonly fix: string;
}

function advice(code: string, path: string): Advice {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return {
        allowed: "a file in a directory that exists",
        fix: `create the directory ${dirname(path)} or set mkdir: true`,
      };
    case "EISDIR":
      return { allowed: "a file, not a directory", fix: `name a file in it, for example ${join(path, "app.jsonl")}` };
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return {
        allowed: "a file that this process may create and write",
        fix: "give its user the permission, choose another path",
      };
    case "ENXIO":
      return { allowed: "an ordinary file", fix: "a named pipe needs a reader before the sink is made" };
    default:
      return { allowed: "a file that can be opened for appending", fix: "choose another path" };
  }
}

/** The file could not be opened when the sink was made (§7.2): what to do about it. */
export function openError(error: unknown, path: string): ConfigError {
  const { allowed, fix } = advice(errorCode(error), path);
  return new ConfigError(
    [
      {
        path: "path",
        reason: "validation_failed",
        received: `${describeValue(path)}, which cannot be opened (${errorCode(error) || describeError(error).type})`,
        allowed,
        fix: `${fix}, or set onOpenError: "retry" to start without it`,
      },
    ],
    "FileSink",
  );
}

/** Rotation was asked for something that is no ordinary file of ours: `what` it is, such as a device. */
export function notRotatable(path: string, what: string): ConfigError {
  return new ConfigError(
    [
      {
        path: "rotation",
        reason: "validation_failed",
        received: `rotation of ${describeValue(path)}, which ${what}`,
        allowed: "rotation of an ordinary file",
        fix: "leave rotation out or choose another path; ConsoleSink writes to standard output and error",
      },
    ],
    "FileSink",
  );
}
