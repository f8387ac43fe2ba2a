import type { Sink } from "@dagstack/logger-core";
import { INTERNAL_LOGGER_NAME, type SeverityText } from "@dagstack/logger-core";

/** What decided a setting, for `explain`. */
export type SettingOrigin = "default" | "configure" | "setLevel" | "setSinks";

/** The level that holds for some handles. When it changes they are told by 0, and ask for another threshold. */
export interface Threshold {
  minimum: number;
}

/** One name in the hierarchy (§3.1): what was set on it, and how many records were emitted through it. */
export interface LoggerNode {
  readonly name: string;
  level: { readonly severityNumber: number; readonly from: SettingOrigin } | null;
  sinks: { readonly list: readonly Sink[]; readonly from: SettingOrigin } | null;
  /** For the handles that take their level from here; `null` when none has asked since the last change. */
  threshold: Threshold | null;
  /** Whether some logger has the name; a configuration may have brought it up before. */
  hasLogger: boolean;
  readonly emitted: { [S in SeverityText]?: number };
  /** Kinds of coercion already reported for this name (§1.4). */
  readonly reported: Set<string>;
}

/** The root has two names (D-16). */
export function nodeName(name: string): string {
  return name === "root" ? "" : name;
}

/** The name one dot up; `undefined` above the root and above the internal logger, which inherits nothing (§7.4). */
export function parentName(name: string): string | undefined {
  if (name === "" || name === INTERNAL_LOGGER_NAME) return undefined;
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : nodeName(name.slice(0, dot));
}

/** All names, each created when first asked for. */
export class LoggerNodes {
  readonly #nodes = new Map<string, LoggerNode>();

  /** How many names have a logger. */
  get withLogger(): number {
    return [...this.#nodes.values()].filter((node) => node.hasLogger).length;
  }

  get(name: string): LoggerNode {
    const key = nodeName(name);
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = {
        name: key,
        level: null,
        sinks: null,
        threshold: null,
        hasLogger: false,
        emitted: {},
        reported: new Set(),
      };
      this.#nodes.set(key, node);
    }
    return node;
  }

  /** The node and its ancestors that exist, nearest first. */
  *lineage(name: string): Generator<LoggerNode> {
    for (let at: string | undefined = nodeName(name); at !== undefined; at = parentName(at)) {
      const node = this.#nodes.get(at);
      if (node !== undefined) yield node;
    }
  }

  [Symbol.iterator](): IterableIterator<LoggerNode> {
    return this.#nodes.values();
  }
}
