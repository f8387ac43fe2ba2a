import { INTERNAL_LOGGER_NAME } from "@dagstack/logger-core";
import { InMemorySink } from "@dagstack/sink-memory";
import { afterEach, describe, expect, it } from "vitest";
import { HARMLESS_KEYS, SECRET_KEYS } from "../../../logger-core/test/redaction/key-samples.ts";
import { captureLogs, configure, Logger } from "../../src/index.ts";
import { type Outputs, throughAllSinks } from "./hostile-rig.ts";

const SECRET = "c4nary-of-ann";

afterEach(() => Logger.reset());

function textsOf({ memory, callback, closed: _, ...texts }: Outputs): Record<string, string> {
  const json = (value: unknown): string =>
    JSON.stringify(value, (_key, v: unknown) => (typeof v === "bigint" ? String(v) : v));
  return { ...texts, memory: json(memory), callback: json(callback) };
}

/** The ways in which people hand a secret over, from the field. */
const ways: readonly (readonly [string, (log: Logger) => void])[] = [
  ["attributes", (log) => log.info("x", Object.fromEntries(SECRET_KEYS.map((key) => [key, SECRET])))],
  ["nested", (log) => log.info("x", { a: [Object.fromEntries(SECRET_KEYS.map((key) => [key, { deep: SECRET }]))] })],
  ["a Map", (log) => log.info("x", { m: new Map(SECRET_KEYS.map((key) => [key, SECRET])) })],
  [
    "bound attributes",
    (log) => log.child(Object.fromEntries(SECRET_KEYS.map((key) => [key, SECRET]))).info("x", { a: 1 }),
  ],
  ["pairs", (log) => log.info("x", { v: SECRET_KEYS.map((key) => [key, SECRET]), w: ["Authorization", SECRET] })],
  [
    "named values",
    (log) =>
      log.info("x", {
        v: SECRET_KEYS.flatMap((name) => [
          { name, value: SECRET },
          { value: SECRET, key: name },
        ]),
      }),
  ],
  [
    "raw headers",
    (log) => log.info("x", { req: { rawHeaders: ["Host", "h", "Authorization", SECRET, "Cookie", SECRET] } }),
  ],
  [
    "headers",
    (log) => log.info("x", { h: new Headers({ authorization: SECRET, cookie: SECRET, "x-internal": SECRET }) }),
  ],
  [
    "a Request",
    (log) =>
      log.info("x", { r: new Request(`https://h.test/?token=${SECRET}`, { headers: { authorization: SECRET } }) }),
  ],
  [
    "a URL",
    (log) =>
      log.info("x", {
        u: new URL(`https://u:${SECRET}@h.test/?api_key=${SECRET}`),
        q: new URLSearchParams({ token: SECRET }),
      }),
  ],
  [
    "an error's members",
    (log) =>
      log.exception(
        Object.assign(new Error("m"), {
          config: { headers: { Authorization: SECRET }, data: SECRET, url: "/", method: "get" },
          password: SECRET,
        }),
      ),
  ],
  [
    "a cause's members",
    (log) => log.error("x", { err: new Error("m", { cause: Object.assign(new Error("c"), { token: SECRET }) }) }),
  ],
  ["toJSON", (log) => log.info("x", { v: { toJSON: () => ({ apiKey: SECRET, list: [["password", SECRET]] }) } })],
];

describe("§10, D-87: secrets as people log them, under the default preset", () => {
  it.each(ways)("%s: in no sink", async (_, way) => {
    // Three times: the first record of its kind takes another way than the next ones.
    const outputs = await throughAllSinks(() => {
      for (let time = 0; time < 3; time++) way(Logger.get("shop"));
    });
    const texts = textsOf(outputs);
    expect(Object.keys(texts).filter((sink) => texts[sink]?.includes(SECRET))).toEqual([]);
    expect(outputs.memory).toHaveLength(3);
    expect(outputs.json).toBe(outputs.file);
  });

  it.each(ways)("%s: not in captures, nor in diagnostics", async (_, way) => {
    const diagnostics = new InMemorySink({ id: "diagnostics" });
    configure({
      sinks: [new InMemorySink()],
      loggers: { [INTERNAL_LOGGER_NAME]: { level: "trace", sinks: [diagnostics] } },
    });
    const { records } = await captureLogs(() => way(Logger.get("shop")));
    expect(records).toHaveLength(1);
    const json = JSON.stringify([records, diagnostics.records()], (_key, v: unknown) =>
      typeof v === "bigint" ? String(v) : v,
    );
    expect(json).not.toContain(SECRET);
  });

  it("keys that only look like them stay readable", async () => {
    const attributes = Object.fromEntries(HARMLESS_KEYS.map((key) => [key, "readable"]));
    const { memory } = await throughAllSinks(() => Logger.get("shop").info("x", attributes));
    expect(memory[0]?.attributes).toStrictEqual(attributes);
  });

  it("the names in force are told for the process and for a logger in a scope", () => {
    configure({ redaction: { names: ["pesel"] }, sinks: [new InMemorySink()] });
    expect(Logger.effectiveSecretNames()).toContain("pesel");
    expect(Logger.effectiveSecretNames()).toContain("authorization");
    expect(Logger.get("a").effectiveSecretNames()).toEqual(Logger.effectiveSecretNames());
    configure({ redaction: { replaceDefaults: true, extraSuffixes: ["_pin"] }, sinks: [new InMemorySink()] });
    expect(Logger.effectiveSecretNames()).toEqual([]);
  });
});
