import { MIN_SEVERITY } from "../../options/index.ts";
import type { LogRecord } from "../../record/index.ts";
import type { PrettyOptions } from "./pretty-options.ts";

const LEVEL_WIDTH = 5;
const MS_PER_MINUTE = 60_000;

/** Local time to the millisecond. */
export function timeText(timeUnixNano: bigint, options: PrettyOptions): string {
  const epochMs = Number(BigInt.asUintN(64, timeUnixNano) / 1_000_000n);
  const offset = options.utcOffsetMinutes?.(epochMs) ?? -new Date(epochMs).getTimezoneOffset();
  const local = new Date(epochMs + offset * MS_PER_MINUTE).toISOString();
  return options.date === true ? `${local.slice(0, -14)} ${local.slice(-13, -1)}` : local.slice(-13, -1);
}

/** `INFO`; a level between two names has its number as OpenTelemetry's short names do: `INFO3`. */
export function levelText({ severityNumber, severityText }: LogRecord): string {
  const step = (severityNumber - MIN_SEVERITY) % 4;
  return (step === 0 ? severityText : `${severityText}${step + 1}`).padEnd(LEVEL_WIDTH);
}
