import { PassThrough } from "node:stream";
import { toDagstackJsonl } from "@dagstack/logger-core/wire";
import { ConsoleSink } from "@dagstack/sink-console";
import { afterEach, describe, expect, it } from "vitest";
import { type FixtureRecord, recordFromFixture } from "../../../conformance/fixtures/typed-values.ts";
import {
  configure,
  DEFAULT_SECRET_SUFFIXES,
  Logger,
  RECOMMENDED_EXTRA_SUFFIXES,
  type RedactionConfig,
} from "../src/index.ts";
import { refusalOf } from "./config-refusal.ts";
import { readFixture } from "./fixtures.ts";
import { last, observe } from "./observed-logging.ts";

const { validation } = readFixture<{
  validation: { messages: Record<string, string>; cases: { in: string[]; error: string | null }[] };
}>("secret_suffixes.json");
const golden = readFixture<{
  cases: { name: string; record: FixtureRecord; redaction: RedactionConfig; expected: { dagstack_jsonl: string } }[];
}>("wire/redaction.json");

afterEach(() => Logger.reset());

/** What becomes of attributes under a redaction setting. */
function redacted(redaction: RedactionConfig | undefined, attributes: object): unknown {
  const { memory } = observe({ redaction });
  Logger.get("a").info("x", attributes);
  return last(memory).attributes;
}

describe("14.6, §10.4: the specification's cases through configure and a real emit", () => {
  it("additive_default", () => {
    const input = {
      openai_api_key: "v",
      stripe_apikey: "v",
      x_internal_token: "v",
      "service.name": "s",
      "request.id": "r",
      "user.id": 17,
    };
    expect(redacted({ extraSuffixes: ["_apikey", "_x_internal_token"] }, input)).toStrictEqual({
      openai_api_key: "***",
      stripe_apikey: "***",
      x_internal_token: "***",
      "service.name": "s",
      "request.id": "r",
      "user.id": 17,
    });
  });

  it("replace_defaults_narrows_set", () => {
    const input = { db_password: "v", openai_api_key: "k", client_secret: "s" };
    expect(redacted({ extraSuffixes: ["_password"], replaceDefaults: true }, input)).toStrictEqual({
      db_password: "***",
      openai_api_key: "k",
      client_secret: "s",
    });
  });

  it("additive_recurses_into_nested_dict", () => {
    const input = { outer: 1, nested: { stripe_apikey: "v", regular_field: "r" } };
    expect(redacted({ extraSuffixes: ["_apikey"] }, input)).toStrictEqual({
      outer: 1,
      nested: { stripe_apikey: "***", regular_field: "r" },
    });
  });

  it("additive_recurses_into_list_of_maps", () => {
    const input = { events: [{ stripe_apikey: "v", type: "t", url: "u" }] };
    expect(redacted({ extraSuffixes: ["_apikey"] }, input)).toStrictEqual({
      events: [{ stripe_apikey: "***", type: "t", url: "u" }],
    });
  });

  it("case_insensitive_match", () => {
    expect(redacted({ extraSuffixes: ["_apikey"] }, { STRIPE_APIKEY: "v", Stripe_ApiKey: "v" })).toStrictEqual({
      STRIPE_APIKEY: "***",
      Stripe_ApiKey: "***",
    });
  });

  it("replace_defaults_with_empty_extra_disables_redaction", () => {
    expect(redacted({ replaceDefaults: true, suppressDisableWarning: true }, { api_key: "k" })).toStrictEqual({
      api_key: "k",
    });
  });

  it.each(validation.cases)("suffixes $in: $error", ({ in: extraSuffixes, error }) => {
    if (error === null) {
      observe({ redaction: { extraSuffixes } });
      expect(Logger.effectiveSecretSuffixes()).toStrictEqual([
        ...new Set([...DEFAULT_SECRET_SUFFIXES, ...extraSuffixes]),
      ]);
      return;
    }
    const refusal = refusalOf(() => configure({ redaction: { extraSuffixes } }));
    expect(refusal.message).toContain(validation.messages[error]);
    expect(refusal.path).toBe(`redaction.extraSuffixes[${extraSuffixes.length - 1}]`);
    expect(refusal.reason).toBe("validation_failed");
    expect(Logger.effectiveSecretSuffixes()).toStrictEqual(DEFAULT_SECRET_SUFFIXES);
  });
});

describe("14.6: wire/redaction.json through configure and a real emit, output bytes", () => {
  it.each(golden.cases)("$name", ({ record: fixture, redaction, expected }) => {
    const record = recordFromFixture(fixture);
    const { memory } = observe({ redaction: { preset: "base", ...redaction, suppressDisableWarning: true } });
    const { name, version, attributes } = record.instrumentationScope;
    Logger.get(name, version, attributes).log(record.severityNumber, record.body, record.attributes);
    const { timeUnixNano, observedTimeUnixNano, resource } = record;
    expect(toDagstackJsonl({ ...last(memory), timeUnixNano, observedTimeUnixNano, resource })).toBe(
      expected.dagstack_jsonl,
    );
  });
});

describe("§10.1", () => {
  it("under a secret key no getter runs and no toJSON is called (§1.4)", () => {
    let reads = 0;
    const secret = { toJSON: () => ++reads };
    expect(
      redacted(undefined, {
        api_key: secret,
        nested: {
          get db_password() {
            return ++reads;
          },
        },
      }),
    ).toStrictEqual({
      api_key: "***",
      nested: { db_password: "***" },
    });
    expect(reads).toBe(0);
  });

  it.each([[null], [""], [0], [[]], [{}], [false]])("%j under a secret key is masked too (D-77)", (value) => {
    expect(redacted(undefined, { api_key: value })).toStrictEqual({ api_key: "***" });
  });

  it("Maps, Errors and their causes, and toJSON results are walked", () => {
    const error = Object.assign(new Error("m", { cause: Object.assign(new Error("c"), { client_secret: "s" }) }), {
      api_key: "k",
    });
    const attributes = redacted(undefined, {
      map: new Map([["api_key", "k"]]),
      error,
      json: { toJSON: () => ({ auth_token: "t" }) },
    });
    expect(attributes).toMatchObject({
      map: { api_key: "***" },
      error: { api_key: "***", cause: { client_secret: "***" } },
      json: { auth_token: "***" },
    });
  });

  it("the body is left as it is; with the strict preset keys of a body map are masked (design §13)", () => {
    const { memory } = observe();
    Logger.get("a").info({ api_key: "k" });
    expect(last(memory).body).toStrictEqual({ api_key: "k" });
    const strict = observe({ redaction: { preset: "strict" } });
    Logger.get("a").info({ api_key: "k", apiKey: "k", text: "t" });
    expect(last(strict.memory).body).toStrictEqual({ api_key: "***", apiKey: "***", text: "t" });
    expect(Logger.effectiveSecretSuffixes()).toStrictEqual([
      ...new Set([...DEFAULT_SECRET_SUFFIXES, ...RECOMMENDED_EXTRA_SUFFIXES]),
    ]);
  });

  it("a resource key that matches is kept and reported once (D-79)", () => {
    const { memory, reported } = observe({ resource: { "service.name": "s", deploy_token: "t" } });
    Logger.get("a").info("x");
    expect(last(memory).resource?.attributes).toMatchObject({ deploy_token: "t" });
    expect(reported("resource_secret")).toMatchObject([
      { severityNumber: 13, attributes: { "dagstack.attribute.path": "deploy_token" } },
    ]);
  });
});

describe("§10.4: settings", () => {
  it("masking nothing is reported as WARN redaction_disabled, unless told not to", () => {
    expect(observe({ redaction: { replaceDefaults: true } }).reported("redaction_disabled")).toMatchObject([
      { severityNumber: 13 },
    ]);
    Logger.reset();
    const quiet = observe({ redaction: { replaceDefaults: true, suppressDisableWarning: true } });
    expect(quiet.reported("redaction_disabled")).toHaveLength(0);
  });

  it("effectiveSecretSuffixes is a copy, on Logger and on handles", () => {
    observe();
    for (const suffixes of [Logger.effectiveSecretSuffixes(), Logger.get("a").effectiveSecretSuffixes()]) {
      (suffixes as string[]).length = 0;
    }
    expect(Logger.effectiveSecretSuffixes()).toStrictEqual(DEFAULT_SECRET_SUFFIXES);
  });

  it("existing handles follow a new setting at once", () => {
    observe();
    const log = Logger.get("a");
    log.info("x");
    const { memory } = observe({ redaction: { extraSuffixes: ["_pin"] } });
    log.info("x", { card_pin: 1 });
    expect(last(memory).attributes).toStrictEqual({ card_pin: "***" });
  });

  it("later changes to the caller's options object do not show", () => {
    const extraSuffixes = ["_pin"];
    observe({ redaction: { extraSuffixes } });
    extraSuffixes.push("_x");
    expect(Logger.effectiveSecretSuffixes()).not.toContain("_x");
  });

  it.each([
    ["no map", "all", "redaction", "type_mismatch"],
    ["null", null, "redaction", "type_mismatch"],
    ["an unknown option", { extraSufixes: [] }, "redaction.extraSufixes", "unknown_key"],
    ["suffixes that are no list", { extraSuffixes: "_pin" }, "redaction.extraSuffixes", "type_mismatch"],
    ["a suffix that is no text", { extraSuffixes: [7] }, "redaction.extraSuffixes[0]", "type_mismatch"],
    ["a flag that is none", { replaceDefaults: "yes" }, "redaction.replaceDefaults", "type_mismatch"],
    ["an unknown preset", { preset: "paranoid" }, "redaction.preset", "out_of_range"],
  ])("refuses %s", (_, redaction, path, reason) => {
    const refusal = refusalOf(() => configure({ redaction: redaction as RedactionConfig }));
    expect([refusal.path, refusal.reason]).toStrictEqual([path, reason]);
  });
});

describe("14.6: masked in the bytes of the line sinks", () => {
  it("ConsoleSink in JSON and in pretty mode", async () => {
    const chunks: string[] = [];
    const stream = new PassThrough({ encoding: "utf8" }).on("data", (chunk: string) => void chunks.push(chunk));
    observe({
      sinks: [new ConsoleSink({ mode: "json", stream }), new ConsoleSink({ mode: "pretty", stream, color: "never" })],
      redaction: { extraSuffixes: ["_apikey"] },
    });
    Logger.get("a")
      .with({ client_secret: "s3cr3t" })
      .info("x", { stripe_apikey: "s3cr3t", list: [{ db_password: "s3cr3t" }] });
    await Logger.flush();
    const written = chunks.join("");
    expect(written.match(/\*\*\*/g)).toHaveLength(6);
    expect(written).not.toContain("s3cr3t");
  });
});
