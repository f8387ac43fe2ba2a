import { afterEach, describe, expect, it } from "vitest";
import { decodeTypedValue } from "../../../conformance/fixtures/typed-values.ts";
import { Logger } from "../src/index.ts";
import { readFixture } from "./fixtures.ts";
import { last, observe } from "./observed-logging.ts";

interface NormaliseCase {
  readonly name: string;
  readonly where: "attribute" | "body";
  readonly in: unknown;
  readonly out?: unknown;
  readonly omitted?: boolean;
}

interface RedactionCase {
  readonly name: string;
  readonly in: unknown;
  readonly out?: unknown;
  readonly out_entries?: [string, unknown][];
}

const { cases, redaction } = readFixture<{ cases: NormaliseCase[]; redaction: RedactionCase[] }>("wire/normalise.json");

afterEach(() => Logger.reset());

describe("§1.4, D-22: wire/normalise.json through a logger", () => {
  it.each(cases)("$where: $name", ({ where, in: input, out, omitted }) => {
    const { memory } = observe();
    const log = Logger.get("a");
    const value = decodeTypedValue(input);
    const expected = decodeTypedValue(out);
    if (where === "body") {
      log.info(value);
      expect(last(memory).body).toStrictEqual(expected);
      return;
    }
    const attributes = omitted === true ? {} : { v: expected };
    log.info("x", { v: value });
    expect(last(memory).attributes).toStrictEqual(attributes);
    log.with({ v: value }).info("x");
    expect(last(memory).attributes).toStrictEqual(attributes);
  });
});

describe("§1.4, §10.1: normalising and redacting are one walk", () => {
  it.each(redaction)("$name", ({ in: input, out, out_entries: entries }) => {
    const { memory, reported } = observe();
    const log = Logger.get("a");
    const attributes = decodeTypedValue(input) as object;
    log.info("x", attributes);
    log.with(attributes).info("x");
    for (const record of memory.records()) {
      if (entries === undefined) expect(record.attributes).toStrictEqual(decodeTypedValue(out));
      else expect(Object.entries(record.attributes)).toStrictEqual(entries);
    }
    expect(memory.size).toBe(2);
    expect(reported("record_malformed")).toHaveLength(0);
  });
});
