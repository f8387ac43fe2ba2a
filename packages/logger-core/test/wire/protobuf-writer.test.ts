import { expect, it } from "vitest";
import { ProtobufWriter } from "../../src/wire/otlp/protobuf-writer.ts";

it("a short text survives wherever the buffer has to grow (§1.6)", () => {
  const broken: number[] = [];
  for (let before = 4; before < 2_200; before++) {
    const writer = new ProtobufWriter();
    // Fields of two bytes, after one of three where `before` is odd: every length comes up.
    if (before % 2 === 1) writer.string(1, "a");
    for (let length = before % 2 === 1 ? 3 : 0; length < before; length += 2) writer.bool(1, true);
    writer.string(2, "x");
    if (writer.finish().at(-1) !== 0x78) broken.push(before);
  }
  expect(broken).toEqual([]);
});
