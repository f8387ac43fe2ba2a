import { describe, expect, it } from "vitest";
import { buildAttributes, buildBody, createRedactor } from "../../src/index.ts";

const strict = createRedactor({ preset: "strict" });
const masked = (text: unknown): unknown => buildAttributes([{ v: text }], strict).v;

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
const PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----";

describe("preset strict: values that look like secrets, wherever they stand", () => {
  it.each([
    [`jwt ${JWT} end`, "jwt *** end"],
    [`Authorization: Bearer ${JWT}`, "Authorization: Bearer ***"],
    ["Bearer abcdef0123456789", "Bearer ***"],
    ["basic dXNlcjpwYXNzd29yZA==", "basic ***"],
    [`key ${PEM} end`, "key *** end"],
    ["-----BEGIN PRIVATE KEY-----\nMIIEvQ", "***"],
    ["postgres://shop:pa55w0rd@db.example:5432/shop", "postgres://shop:***@db.example:5432/shop"],
    ["redis://:p/ss@cache", "redis://:***@cache"],
    ["mongodb+srv://u:abc@cluster/db and https://u:p@h", "mongodb+srv://u:***@cluster/db and https://u:***@h"],
    ["Server=db;User Id=sa;Password=pa55;Database=x", "Server=db;User Id=sa;Password=***;Database=x"],
    ["card 4111 1111 1111 1111.", "card ***."],
    ["5555-5555-5555-4444", "***"],
    ["378282246310005", "***"],
    [4111111111111111, "***"],
    [6011111111111117n, "***"],
  ])("%s", (given, expected) => {
    expect(masked(given)).toBe(expected);
  });

  it.each([
    "a bearer of good news",
    "Bearer of news and tokens",
    "basic authentication",
    "https://host.example:8080/path/@scope",
    "http://localhost:3000/users/@me",
    "https://example.test/a?email=a@b.example",
    "mailto:ann@example.test",
    "git@github.com:dagstack/logger.git",
    "4111 1111 1111 1112",
    "1700000000123",
    "1700000000123456789",
    "order 1234567890123456",
    "2024-11-29 10:11:12.123 4567",
    "550e8400-e29b-41d4-a716-446655440000",
    "0af7651916cd43dd8448eb211c80319c",
    "192.168.100.200",
    "eyJ is how they begin",
    "password: see the vault",
    "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----",
    "4.111111111111111",
  ])("%s stays", (given) => {
    expect(masked(given)).toBe(given);
  });

  it("in bodies, nested values, messages and stacks of errors, and Maps", () => {
    expect(buildBody(`sent ${JWT}`, strict)).toBe("sent ***");
    expect(buildBody({ a: [JWT] }, strict)).toStrictEqual({ a: ["***"] });
    const error = new Error(`bad ${JWT}`);
    expect(JSON.stringify(buildAttributes([{ error, map: new Map([["k", JWT]]) }], strict))).not.toContain(JWT);
    expect(JSON.stringify(buildAttributes([error], strict))).not.toContain(JWT);
  });

  it("the other presets do not look at values", () => {
    expect(buildAttributes([{ v: JWT, n: 4111111111111111 }], createRedactor())).toStrictEqual({
      v: JWT,
      n: 4111111111111111,
    });
    expect(buildBody(JWT, createRedactor())).toBe(JWT);
  });

  it("texts made to make patterns slow are looked through in time that grows with their length", () => {
    for (const piece of [
      "eyJ-",
      "eyJaaaaaa.",
      "Bearer ",
      "a://",
      "a+a-",
      "4 ",
      "4",
      "-----BEGIN ",
      "pwd=",
      "redis://:",
    ]) {
      masked(piece.repeat(Math.ceil(300_000 / piece.length)));
    }
  });
});
