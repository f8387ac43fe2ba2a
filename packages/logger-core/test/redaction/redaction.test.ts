import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  buildAttributes,
  ConfigError,
  createRedactor,
  DEFAULT_SECRET_SUFFIXES,
  MASKED_PLACEHOLDER,
  RECOMMENDED_EXTRA_SUFFIXES,
  type RedactionConfig,
} from "../../src/index.ts";

const fixture = JSON.parse(
  readFileSync(new URL("../../../../conformance/fixtures/secret_suffixes.json", import.meta.url), "utf8"),
) as {
  base: string[];
  mask: string;
  recommended_extra_suffixes: { list: string[] };
  validation: { messages: Record<string, string>; cases: { in: string[]; error: string | null }[] };
};

function refusal(config: unknown): ConfigError {
  try {
    createRedactor(config as RedactionConfig);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error("not refused");
}

describe("§10.1, §14.5: the sets are those of the data files", () => {
  it("base set, mask and recommended list", () => {
    expect(DEFAULT_SECRET_SUFFIXES).toStrictEqual(fixture.base);
    expect(MASKED_PLACEHOLDER).toBe(fixture.mask);
    expect(RECOMMENDED_EXTRA_SUFFIXES).toStrictEqual(fixture.recommended_extra_suffixes.list);
  });

  it("are frozen", () => {
    expect(Object.isFrozen(DEFAULT_SECRET_SUFFIXES) && Object.isFrozen(RECOMMENDED_EXTRA_SUFFIXES)).toBe(true);
  });

  it("the suffixes in force are a frozen copy", () => {
    const extraSuffixes = ["_pin"];
    const redactor = createRedactor({ extraSuffixes });
    extraSuffixes.push("_x");
    expect(redactor.suffixes).toStrictEqual([...fixture.base, "_pin"]);
    expect(Object.isFrozen(redactor.suffixes)).toBe(true);
  });
});

describe("§10.4: validation, the fixture's phrases letter for letter (D-75)", () => {
  it.each(fixture.validation.cases)("$in", ({ in: extraSuffixes, error }) => {
    if (error === null) {
      expect(createRedactor({ extraSuffixes }).suffixes).toStrictEqual([
        ...new Set([...fixture.base, ...extraSuffixes]),
      ]);
    } else {
      expect(refusal({ extraSuffixes }).message).toContain(fixture.validation.messages[error]);
    }
  });

  it("names the entry after the phrase", () => {
    expect(refusal({ extraSuffixes: ["_ok", "_BAD"] })).toMatchObject({
      path: "redaction.extraSuffixes[1]",
      reason: "validation_failed",
      message: expect.stringContaining("redaction.extra_suffixes must be lowercase ASCII (redaction.extraSuffixes[1]"),
    });
  });

  it("lists all problems at once", () => {
    expect(refusal({ preset: "max", extraSuffixes: ["", "A"], nope: 1, replaceDefaults: "yes" }).issues).toHaveLength(
      5,
    );
  });

  it("refuses a preset beside replaceDefaults, which contradict each other", () => {
    expect(refusal({ preset: "strict", replaceDefaults: true }).path).toBe("redaction.replaceDefaults");
  });

  it.each([
    ["a list", []],
    ["null", null],
    ["a string", "strict"],
  ])("refuses %s in place of the map", (_, config) => {
    expect(refusal(config).reason).toBe("type_mismatch");
  });
});

describe("§10.4: which keys are masked", () => {
  const masked = (config: RedactionConfig, keys: string[]): string[] => {
    const attributes = buildAttributes([Object.fromEntries(keys.map((key) => [key, 1]))], createRedactor(config));
    return keys.filter((key) => attributes[key] === MASKED_PLACEHOLDER);
  };

  it("additive: the base set and the extras", () => {
    const keys = ["openai_api_key", "stripe_apikey", "x_internal_token", "service.name", "request.id", "user.id"];
    expect(masked({ extraSuffixes: ["_apikey", "_x_internal_token"] }, keys)).toStrictEqual(keys.slice(0, 3));
  });

  it("replaceDefaults: the extras only", () => {
    const keys = ["db_password", "openai_api_key", "client_secret"];
    expect(masked({ extraSuffixes: ["_password"], replaceDefaults: true }, keys)).toStrictEqual(["db_password"]);
  });

  it("replaceDefaults without extras masks nothing", () => {
    expect(masked({ replaceDefaults: true }, ["db_password", "api_key"])).toStrictEqual([]);
  });

  it("ignores case", () => {
    expect(masked({ extraSuffixes: ["_apikey"] }, ["STRIPE_APIKEY", "Stripe_ApiKey"])).toHaveLength(2);
  });

  it("strict adds the recommended list (D-80)", () => {
    expect(masked({ preset: "strict" }, ["apiKey", "Authorization", "password", "api_key", "name"])).toStrictEqual([
      "apiKey",
      "Authorization",
      "password",
      "api_key",
    ]);
    expect(masked({ preset: "base" }, ["apiKey", "Authorization", "password"])).toStrictEqual([]);
  });

  it("decides the same for the ten-thousandth key as for the first: the cache is bounded and invisible", () => {
    const redactor = createRedactor();
    for (let n = 0; n < 10_000; n++) expect(redactor.isSecret(`k${n}_key`)).toBe(true);
    expect(redactor.isSecret("k1_key")).toBe(true);
    expect(redactor.isSecret("k1_keys")).toBe(false);
  });
});
