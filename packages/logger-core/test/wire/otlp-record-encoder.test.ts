import { describe, expect, it } from "vitest";
import { OtlpRecordEncoder, toOtlpProtobuf } from "../../src/wire/index.ts";
import { draftOf, type EncoderRig, fast, plain, redactors } from "./encoder-rig.ts";
import { encoderTests } from "./encoder-tests.ts";

const rig: EncoderRig = {
  name: "OTLP record encoder",
  create: () => new OtlpRecordEncoder(),
  encodeRecord: (record) => toOtlpProtobuf([record]),
};
const [redactor] = redactors;

encoderTests(rig);

describe("OTLP record encoder: lengths", () => {
  it("§1.7: those that take one, two and three bytes, at every depth", () => {
    const encoder = rig.create();
    for (const size of [0, 1, 50, 63, 64, 65, 90, 110, 120, 122, 124, 126, 127, 128, 129, 1_000, 16_383, 20_000]) {
      for (const text of ["x".repeat(size), "é".repeat(size)]) {
        for (let round = 0; round < 3; round++) {
          const key = text.slice(0, 128);
          const attributes = [{ [key]: 1, b: { [key]: "v", c: [text, { d: text }] } }];
          const draft = draftOf({ body: text, attributes });
          expect(fast(rig, encoder, draft, redactor)).toBe(plain(rig, draft, redactor));
        }
      }
    }
  });
});
