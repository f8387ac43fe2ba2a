import { MAX_SEVERITY, type Sink } from "@dagstack/logger-core";
import { levelOf, type Registry, type SettingOrigin, sinksOf } from "../registry/index.ts";
import { sinkId } from "../sinks/index.ts";

/** Which settings hold for a logger, and which setting decided each: no surprises (design §5). */
export interface Explanation {
  readonly name: string;
  readonly level: { readonly value: number; readonly from: string };
  /** `threshold` is the lowest severity that the sink wants of this logger; `null` when it wants none. */
  readonly sinks: readonly { readonly id: string; readonly threshold: number | null; readonly from: string }[];
  readonly redaction: {
    readonly suffixes: readonly string[];
    readonly names: readonly string[];
    readonly from: string;
  };
  readonly context: { readonly autoInject: boolean };
}

/** Explains the settings of a name, whether or not it has a logger. */
export function explain(registry: Registry, name: string): Explanation {
  const level = levelOf(registry, name);
  const sinks = sinksOf(registry, name);
  const { redactor, redactionFrom, autoInjectTraceContext } = registry.configuration;
  return {
    name: name === "" ? "root" : name,
    level: { value: level.severityNumber, from: origin(level.from, level.node) },
    sinks: sinks.list.map((sink) => ({
      id: sinkId(sink),
      threshold: threshold(sink, level.severityNumber),
      from: origin(sinks.from, sinks.node),
    })),
    redaction: { suffixes: [...redactor.suffixes], names: [...redactor.names], from: redactionFrom },
    context: { autoInject: autoInjectTraceContext },
  };
}

function origin(from: SettingOrigin, node: string): string {
  return from === "default" ? from : `${from} (${node === "" ? "root" : node})`;
}

/** Asks the sink itself: its port would count a throw as the loss of a record. */
function threshold(sink: Sink, level: number): number | null {
  try {
    for (let severity = level; severity <= MAX_SEVERITY; severity++)
      if (sink.supportsSeverity(severity)) return severity;
  } catch {
    return null; // it will be counted, by the port, for each record that is lost by it
  }
  return null;
}
