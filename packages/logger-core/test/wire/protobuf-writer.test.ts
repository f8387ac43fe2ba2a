import { expect, it } from "vitest";
import { ProtobufWriter } from "../../src/wire/protobuf-writer.ts";

it("a short text survives wherever the buffer has to grow (§1.6)", () => {
  const broken: number[] = [];
  for (let fields = 1; fields < 1100; fields++) {
    const writer = new ProtobufWriter();
    // Two bytes each, so that some count of them leaves less room than the length of the text asks for.
    for (let field = 0; field < fields; field++) writer.bool(1, true);
    writer.string(2, "x");
    if (writer.finish().at(-1) !== 0x78) broken.push(fields);
  }
  expect(broken).toEqual([]);
});
