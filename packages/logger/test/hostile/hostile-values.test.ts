import { parseDagstackJsonl } from "@dagstack/logger-core/wire";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  anyAttributes,
  anyKey,
  anyValue,
  hostileValues,
  type Make,
} from "../../../logger-core/test/wire/hostile-values.ts";
import { Logger } from "../../src/index.ts";
import { BATCH, CASES, linesOf, throughAllSinks } from "./hostile-rig.ts";

const LIMIT = 4_096;
/** Times, severity, scope, resource: the names below are short. */
const FRAME = 1_024;

interface Call {
  readonly name: string;
  readonly severity: number;
  readonly bound: Make;
  readonly body: Make;
  readonly attributes: Make;
  readonly way: "log" | "bound" | "exception";
}

/** Larger than a record may be. */
const large: fc.Arbitrary<Make> = fc
  .tuple(fc.constantFrom("x", "é", "\ud800", "\n", "\u001b[2J", "😀"), fc.integer({ min: 1_000, max: 20_000 }))
  .map(([text, times]) => () => ({ text: text.repeat(times), list: new Array(times) as unknown[], "": times }));

const value = fc.oneof({ weight: 20, arbitrary: anyValue }, { weight: 1, arbitrary: large });

const anyCall: fc.Arbitrary<Call> = fc.record({
  name: fc.oneof(
    fc.constantFrom("", "__proto__", "constructor", "toString", "a..b", "\ud800", "hasOwnProperty"),
    anyKey,
  ),
  severity: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constantFrom(Number.NaN, -1, 99, 9.5)),
  bound: anyAttributes,
  body: value,
  attributes: fc.oneof({ weight: 20, arbitrary: anyAttributes }, { weight: 1, arbitrary: large }),
  way: fc.constantFrom("log", "bound", "exception"),
});

/** Makes the values first: what they throw when they are made is not the logger's. */
function perform({ name, severity, bound, body, attributes, way }: Call): void {
  const [boundValue, bodyValue, attributesValue] = [bound(), body(), attributes()] as [object, unknown, object];
  const log = Logger.get(name);
  if (way === "exception") log.exception(bodyValue, attributesValue);
  else (way === "bound" ? log.with(boundValue) : log).log(severity, bodyValue, attributesValue);
}

const prototypes = (): unknown =>
  [Object, Array, Map, Error, Function, String].map(({ prototype }) =>
    Reflect.ownKeys(prototype).map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key)]),
  );

async function expectAllArrive(calls: readonly Call[]): Promise<void> {
  const before = prototypes();
  const outputs = await throughAllSinks(() => calls.forEach(perform), { maxRecordBytes: LIMIT });
  expect(outputs.closed).toMatchObject({ success: true, droppedCount: 0 });
  expect(prototypes()).toEqual(before);
  expect(outputs.memory).toHaveLength(calls.length);
  expect(outputs.callback).toHaveLength(calls.length);
  for (const text of [outputs.file, outputs.json, outputs.terminalJson]) {
    const lines = linesOf(text);
    expect(lines).toHaveLength(calls.length);
    for (const line of lines) parseDagstackJsonl(line);
  }
  expect(outputs.json).toBe(outputs.file);
  for (const line of linesOf(outputs.file)) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LIMIT + FRAME);
  for (const text of [outputs.pretty, outputs.colored])
    expect(linesOf(text).filter((line) => !line.startsWith("    "))).toHaveLength(calls.length);
}

it(`design §8 row 7: ${CASES} records of any value reach every local sink whole, and no line is above maxRecordBytes`, {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall, { minLength: BATCH, maxLength: BATCH, size: "max" }), expectAllArrive),
    { numRuns: CASES / BATCH, endOnFailure: process.env.DAGSTACK_LONG === "1" },
  );
});

it("§1.4: each value that has a rule, as body, attributes, bound attributes and exception, arrives", async () => {
  const none: Make = () => undefined;
  const calls = hostileValues.flatMap((make): Call[] => [
    { name: "a", severity: 9, bound: none, body: make, attributes: () => ({ value: make() }), way: "log" },
    { name: "a", severity: 9, bound: make, body: none, attributes: make, way: "bound" },
    { name: "a", severity: 17, bound: none, body: make, attributes: make, way: "exception" },
  ]);
  await expectAllArrive(calls);
});

it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", ""])(
  "§1.4: an own key %j is data at every depth, in every sink, and changes no prototype",
  async (key) => {
    const own = (value: unknown): object => Object.defineProperty({}, key, { value, enumerable: true });
    const before = prototypes();
    const outputs = await throughAllSinks(() =>
      Logger.get(key)
        .with(own("bound"))
        .info(own(1), { ...own("call"), map: new Map([[key, own(2)]]), deep: own(own({ polluted: true })) }),
    );
    expect(prototypes()).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const parsed = parseDagstackJsonl(outputs.file.trimEnd());
    expect(Object.getOwnPropertyNames(parsed.body)).toEqual([key]);
    const { map, deep } = parsed.attributes as { map: object; deep: object };
    expect([map, deep].map((at) => Object.getOwnPropertyNames(at))).toEqual([[key], [key]]);
    expect(Object.getOwnPropertyDescriptor(parsed.attributes, key)?.value).toBe("call");
    expect(outputs.memory[0]?.attributes).toEqual(parsed.attributes);
    expect(outputs.pretty).toContain(`{${key || '""'}: 1}`);
  },
);
