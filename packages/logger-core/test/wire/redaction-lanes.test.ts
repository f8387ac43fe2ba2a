import { describe, expect, it } from "vitest";
import { createRedactor, systemClock } from "../../src/index.ts";
import { LineEncoder, OtlpRecordEncoder } from "../../src/wire/index.ts";
import { draftOf } from "./encoder-rig.ts";

const secret = "s3cret";
const redactor = createRedactor({
  paths: ["at.*", "deep.path"],
  pseudonymize: { keys: ["user.id"], salt: "sixteen characters and more" },
  serializers: { order: (order) => ({ password: order, kept: 1 }) },
});

/** Each holds the secret in a place where one of the rules masks it. */
const samples: readonly object[] = [
  { password: secret },
  { key: "password", value: secret, name: "x" },
  { value: secret, a: 1, name: "x", key: "token", values: secret },
  { list: [["password", secret], { Name: "cookie", Value: secret }] },
  { rawHeaders: ["a", "b", "Authorization", secret] },
  { at: [secret, { a: secret }], deep: { path: secret }, "deep.path": secret },
  { "user.id": secret, user: { id: secret } },
  { order: secret },
  {
    map: new Map([
      ["name", "token"],
      ["value", secret],
    ]),
    error: Object.assign(new Error("m"), { apiKey: secret }),
  },
];

describe("§10: no lane shows what is masked, whether a sequence of keys comes for the first, second or fourth time", () => {
  it.each([
    ["lines", () => new LineEncoder()],
    ["OTLP protobuf", () => new OtlpRecordEncoder()],
  ])("%s", (_, create) => {
    const encoder = create();
    for (const sample of samples) {
      for (let time = 0; time < 4; time++) {
        const bytes = encoder.encode(draftOf({ attributes: [sample] }), systemClock, redactor, () => {});
        const text = new TextDecoder().decode(bytes);
        encoder.release();
        expect(text.length).toBeGreaterThan(20);
        expect(text).not.toContain(secret);
      }
    }
  });
});
