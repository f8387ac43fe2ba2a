import { readFileSync } from "node:fs";
import { type FixtureRecord, recordFromFixture } from "../../../../conformance/fixtures/typed-values.ts";
import { buildAttributes } from "../../src/record/build-record.ts";
import type { LogRecord } from "../../src/record/record.ts";
import { createRedactor } from "../../src/redaction/index.ts";

/** One golden record of `conformance/fixtures/wire`. */
export interface Golden {
  readonly name: string;
  readonly record: FixtureRecord;
  readonly redaction?: { readonly extraSuffixes: readonly string[]; readonly replaceDefaults: boolean };
  readonly expected: {
    readonly dagstack_jsonl: string;
    readonly dagstack_jsonl_utf8_sha256: string;
    readonly otlp_json: string;
    readonly otlp_json_utf8_sha256: string;
    readonly otlp_protobuf_hex: string;
  };
}

const fixtures = new URL("../../../../conformance/fixtures/wire/", import.meta.url);

/** A fixture file of `conformance/fixtures/wire`, parsed. */
export function wireFixture<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(`${name}.json`, fixtures), "utf8")) as Shape;
}

const files = ["structure", "severities", "keys", "strings", "numbers", "redaction", "events"];

/** All golden records, named `<file>/<case>`. */
export const goldens: readonly Golden[] = files.flatMap((file) =>
  wireFixture<{ cases: readonly Golden[] }>(file).cases.map((golden) => ({
    ...golden,
    name: `${file}/${golden.name}`,
  })),
);

/** The record of a golden case, redacted where the case asks for it. */
export function goldenRecord({ record: fixture, redaction }: Golden): LogRecord {
  const record = recordFromFixture(fixture);
  if (redaction === undefined) return record;
  return {
    ...record,
    attributes: buildAttributes([record.attributes], createRedactor({ preset: "base", ...redaction })),
  };
}
