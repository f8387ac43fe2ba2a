import { describe, expect, it } from "vitest";
import { buildAttributes, createRedactor, DEFAULT_SECRET_NAMES, type RedactionConfig } from "../../src/index.ts";
import { HARMLESS_KEYS, SECRET_KEYS } from "./key-samples.ts";

const standard = createRedactor();

const built = (attributes: unknown, config?: RedactionConfig) =>
  buildAttributes([attributes], config === undefined ? standard : createRedactor(config));

describe("§10, D-87: names are masked by default", () => {
  it("more than ninety keys of the field", () => {
    expect(SECRET_KEYS.length).toBeGreaterThan(91);
    expect(SECRET_KEYS.filter((key) => !standard.isSecret(key))).toEqual([]);
    const strict = createRedactor({ preset: "strict" });
    expect(SECRET_KEYS.filter((key) => !strict.isSecret(key))).toEqual([]);
  });

  it("more than a hundred keys that only look like them stay readable", () => {
    expect(HARMLESS_KEYS.length).toBeGreaterThan(100);
    expect(HARMLESS_KEYS.filter((key) => standard.isSecret(key))).toEqual([]);
  });

  it("base is the specification's suffixes and nothing else", () => {
    const base = createRedactor({ preset: "base" });
    const masked = SECRET_KEYS.filter((key) => base.isSecret(key));
    expect(masked).toEqual(
      SECRET_KEYS.filter((key) => /_(key|secret|token|password|passphrase|credentials)$/i.test(key)),
    );
    expect(base.names).toEqual([]);
  });

  it("the names in force are told, with those that were added", () => {
    expect(standard.names).toEqual(DEFAULT_SECRET_NAMES);
    expect(Object.isFrozen(DEFAULT_SECRET_NAMES)).toBe(true);
    const redactor = createRedactor({ names: ["PESEL", "tax-number"] });
    expect(redactor.names.slice(-2)).toEqual(["pesel", "taxnumber"]);
    expect(["pesel", "user.pesel", "Tax_Number"].map((key) => redactor.isSecret(key))).toEqual([true, true, true]);
    expect(redactor.isSecret("taxNumbers")).toBe(false);
  });

  it("replaceDefaults switches names off, but for those that were given", () => {
    const config = { replaceDefaults: true, extraSuffixes: ["_pin"], names: ["pesel"] };
    const given = { password: 1, apiKey: 1, api_key: 1, card_pin: 1, pesel: 1, githubToken: 1 };
    expect(built(given, config)).toStrictEqual({ ...given, card_pin: "***", pesel: "***" });
  });

  it("keys of one character after the other are judged in time that grows with their length", () => {
    expect(standard.isSecret(`${"a_".repeat(2_000_000)}password`)).toBe(true);
    expect(standard.isSecret("A".repeat(4_000_000))).toBe(false);
  });
});

describe("pairs of a name and its value", () => {
  const secret = "s3cret";

  it.each<[string, unknown, unknown]>([
    ["a list of two", ["authorization", secret], ["authorization", "***"]],
    ["whatever the second is", ["password", { a: secret }], ["password", "***"]],
    [
      "in a list",
      [
        ["Set-Cookie", secret],
        ["accept", "x"],
      ],
      [
        ["Set-Cookie", "***"],
        ["accept", "x"],
      ],
    ],
    ["name and value", { name: "authorization", value: secret }, { name: "authorization", value: "***" }],
    ["value and name", { value: secret, name: "x-api-key" }, { value: "***", name: "x-api-key" }],
    ["key and value", [{ key: "password", value: [secret] }], [{ key: "password", value: "***" }]],
    ["Key and Values", { Key: "client_secret", Values: [secret] }, { Key: "client_secret", Values: "***" }],
    [
      "a Map",
      new Map([
        ["name", "token"],
        ["value", secret],
      ]),
      { name: "token", value: "***" },
    ],
    [
      "an instance",
      Object.assign(new (class Header {})(), { name: "cookie", value: secret }),
      { name: "cookie", value: "***" },
    ],
    ["other names", { name: "accept", value: "x" }, { name: "accept", value: "x" }],
    ["three items", ["password", "a", "b"], ["password", "a", "b"]],
    ["other members", { name: "password", length: 8 }, { name: "password", length: 8 }],
  ])("%s", (_, given, expected) => {
    expect(built({ v: given })).toStrictEqual({ v: expected });
  });

  it("flat lists of headers", () => {
    const list = ["Host", "x", "Authorization", secret, "Cookie", secret];
    const masked = ["Host", "x", "Authorization", "***", "Cookie", "***"];
    expect(built({ rawHeaders: list, headers: list, words: list })).toStrictEqual({
      rawHeaders: masked,
      headers: masked,
      words: list,
    });
  });

  it("attributes that are a pair themselves", () => {
    expect(built({ name: "authorization", value: secret })).toStrictEqual({ name: "authorization", value: "***" });
  });

  it("base leaves them as they are", () => {
    const given = { v: ["authorization", "x"], w: { name: "token", value: 1 } };
    expect(built(given, { preset: "base" })).toStrictEqual(given);
  });
});
