/** Reads back what the shop logged, and checks all of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDagstackJsonl, toDagstackJsonl } from "@dagstack/logger-core/wire";
import type { ReceivedRecord } from "@dagstack/otlp-receiver";
import { SECRET_MARK } from "./customers.ts";

/** What the files hold. */
export interface Audit {
  readonly files: number;
  readonly lines: number;
  readonly requests: number;
  readonly problems: readonly string[];
}

/** Parses every line of the live file and its archives. */
export function auditFiles(directory: string): Audit {
  const files = readdirSync(directory).filter((name) => name.startsWith("shop.jsonl"));
  const problems: string[] = [];
  let lines = 0;
  let requests = 0;
  for (const file of files) {
    const content = readFileSync(join(directory, file), "utf8");
    if (!content.endsWith("\n")) problems.push(`${file} does not end in a line end`);
    for (const line of content.split("\n").slice(0, -1)) {
      lines += 1;
      if (line.includes(SECRET_MARK)) problems.push(`${file} holds a secret`);
      try {
        const record = parseDagstackJsonl(line);
        if (toDagstackJsonl(record) !== line) problems.push(`${file} has a line that is not canonical`);
        if (record.body === "request served") requests += 1;
      } catch (error) {
        problems.push(`${file}: ${String(error)}`);
      }
    }
  }
  return { files: files.length, lines, requests, problems };
}

/** What the receiver has: every record once, none with a secret. */
export function auditReceived(records: readonly ReceivedRecord[]): {
  readonly records: number;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const record of records) {
    const text = JSON.stringify(record, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    if (text.includes(SECRET_MARK)) problems.push("a record holds a secret");
    if (seen.has(text)) problems.push("a record came twice");
    seen.add(text);
  }
  return { records: records.length, problems };
}
