import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/index.ts";
import { LineEncoder, toDagstackJsonl } from "../../src/wire/index.ts";
import { draftOf, type EncoderRig, fast, plain, redactors } from "./encoder-rig.ts";
import { encoderTests } from "./encoder-tests.ts";

const rig: EncoderRig = {
  name: "line encoder",
  create: () => new LineEncoder(),
  encodeRecord: toDagstackJsonl,
};
const [redactor] = redactors;

encoderTests(rig);

describe("line encoder: text", () => {
  it("§1.5: each character that is escaped, at each place in a word, in strings of every way of writing", () => {
    const encoder = rig.create();
    const check = (body: string): void =>
      expect(fast(rig, encoder, draftOf({ body }), redactor)).toBe(plain(rig, draftOf({ body }), redactor));
    const odd = ['"', "\\", "\x7f", "\x80", "é", "€", "😀", "\ud800"];
    for (let code = 0; code <= 32; code++) odd.push(String.fromCharCode(code));
    for (const length of [3, 48, 49, 63, 1000, 16_384, 16_385]) {
      for (const char of odd) {
        for (let place = 0; place < 5; place++) {
          const body = `${"a".repeat(Math.max(0, length - place))}${char}${"b".repeat(place)}`.slice(-length);
          check(body);
          check(`${char}${body.slice(0, -2)}${char}`);
        }
      }
      check(Array.from({ length }, (_, at) => odd[at % odd.length]).join(""));
      check("\n".repeat(length));
    }
  });

  it("works without Node's Buffer, as in a browser", () => {
    const { Buffer: native } = globalThis;
    try {
      Object.assign(globalThis, { Buffer: undefined });
      const draft = draftOf({ body: "é".repeat(50), attributes: [{ a: 1.0000001, b: "x\n" }] });
      const line = rig.create().encode(draft, systemClock, redactor, () => {});
      expect(new TextDecoder().decode(line)).toContain(`{"a":1.0000001,"b":"x\\n"},"body":"${"é".repeat(50)}"`);
    } finally {
      Object.assign(globalThis, { Buffer: native });
    }
  });
});
