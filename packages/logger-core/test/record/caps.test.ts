import { describe, expect, it } from "vitest";
import { buildAttributes, createRedactor } from "../../src/index.ts";
import { LineEncoder, OtlpRecordEncoder, toDagstackJsonl, toOtlpProtobuf } from "../../src/wire/index.ts";
import { draftOf, type EncoderRig, fast, plain } from "../wire/encoder-rig.ts";

const redactor = createRedactor();
const strict = createRedactor({ preset: "strict" });
const rigs: readonly EncoderRig[] = [
  { name: "line", create: () => new LineEncoder(), encodeRecord: toDagstackJsonl },
  { name: "otlp", create: () => new OtlpRecordEncoder(), encodeRecord: (record) => toOtlpProtobuf([record]) },
];
/** So much text that of all that follows only little is looked at. */
const MUCH = "y".repeat(3_000_000);
const SECRET = "s3cret";

/** What either lane makes of a body and an attribute argument. */
function everywhere(body: unknown, argument: unknown, withRedactor = redactor): string[] {
  return rigs.flatMap((rig) => {
    const draft = draftOf({ body, attributes: [argument] });
    return [fast(rig, rig.create(), draft, withRedactor), plain(rig, draft, withRedactor)];
  });
}

/** A container of each kind with one entry. */
const containers: readonly (readonly [string, (key: string, value: unknown) => unknown])[] = [
  ["a map", (key, value) => ({ [key]: value })],
  ["a Map", (key, value) => new Map([[key, value]])],
  ["a Map whose key is an object", (key, value) => new Map([[{ toString: () => key }, value]])],
  ["a Map whose key is a list", (key, value) => new Map([[["a", key], value]])],
  ["a map in a Map in a Set", (key, value) => ({ a: new Set([new Map([["b", { [key]: value }]])]) })],
  ["a Map in a list", (key, value) => ({ a: [new Map([[key, value]])] })],
  ["an error", (key, value) => ({ e: Object.assign(new Error("m"), { [key]: value }) })],
  ["an error's cause", (key, value) => ({ e: new Error("m", { cause: new Map([[key, value]]) }) })],
  ["what toJSON returns", (key, value) => ({ e: { toJSON: () => new Map([[key, value]]) } })],
  ["an instance", (key, value) => ({ e: Object.assign(Object.create({ a: 1 }) as object, { [key]: value }) })],
];

/** Secret keys, longer than what is kept of a text or a key. */
const keys = [60, 75, 200, 1_100, 5_000, 300_000].map((length) => `x-${"a".repeat(length)}_api_key`);

describe("§10.1: a key is judged before anything is cut", () => {
  it.each(containers)("in %s", (_, container) => {
    for (const key of keys) {
      for (const bytes of everywhere(MUCH, container(key, SECRET))) expect(bytes).not.toContain(SECRET);
      for (const bytes of everywhere("x", container(key, SECRET))) expect(bytes).not.toContain(SECRET);
    }
  });

  it.each(containers)("in %s, as the body", (_, container) => {
    for (const key of keys) {
      for (const bytes of everywhere({ much: MUCH, next: container(key, SECRET) }, {}, strict)) {
        expect(bytes).not.toContain(SECRET);
      }
    }
  });

  it("of bound attributes", () => {
    for (const key of keys) {
      const bound = buildAttributes([{ a: MUCH }, new Map([[key, SECRET]])], redactor);
      expect(JSON.stringify(bound)).not.toContain(SECRET);
    }
  });

  it("a key that looks secret only once it is cut is not masked", () => {
    const key = `${"k".repeat(1_016)}_api_key${"x".repeat(50)}`;
    expect(Object.values(buildAttributes([{ [key]: "kept" }], redactor))).toContain("kept");
  });
});
