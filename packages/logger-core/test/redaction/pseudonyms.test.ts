import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { buildAttributes, ConfigError, createRedactor } from "../../src/index.ts";
import { hmacSha256 } from "../../src/redaction/sha256.ts";

const salt = "sixteen characters and more";

describe("HMAC-SHA256 is that of node:crypto", () => {
  it.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 500])(
    "for texts of %i characters and keys of any length",
    (length) => {
      for (const keyLength of [0, 16, 63, 64, 65, 200]) {
        const key = randomBytes(keyLength).toString("latin1");
        const text = randomBytes(length).toString("latin1");
        expect(hmacSha256(key, text)).toBe(createHmac("sha256", key).update(text).digest("hex"));
      }
    },
  );
});

describe("redaction.pseudonymize", () => {
  const redactor = createRedactor({ pseudonymize: { keys: ["user.id", "email"], salt } });
  const built = (attributes: object) => buildAttributes([attributes], redactor);

  it("the same value has the same pseudonym, as text or number, at its path or flat; others have others", () => {
    const { "user.id": flat } = built({ "user.id": 42 });
    expect(flat).toMatch(/^hmac:[0-9a-f]{16}$/);
    expect(built({ user: { id: "42" } })).toStrictEqual({ user: { id: flat } });
    expect(built({ "user.id": 43 })["user.id"]).not.toBe(flat);
    const other = createRedactor({ pseudonymize: { keys: ["user.id"], salt: `${salt}!` } });
    expect(buildAttributes([{ "user.id": 42 }], other)["user.id"]).not.toBe(flat);
  });

  it("a name without dots holds wherever it stands, a path only there", () => {
    const { email } = built({ email: "a@b.example" });
    expect(built({ list: [{ Email: "a@b.example" }], other: { user: { id: 1 } }, id: 1 })).toStrictEqual({
      list: [{ Email: email }],
      other: { user: { id: 1 } },
      id: 1,
    });
  });

  it("null stays, what holds others is masked, and a secret stays one", () => {
    const secret = createRedactor({ pseudonymize: { keys: ["password", "user"], salt } });
    expect(built({ email: null })).toStrictEqual({ email: null });
    expect(buildAttributes([{ password: "x", user: { name: "n" } }], secret)).toStrictEqual({
      password: "***",
      user: "***",
    });
  });

  it("what could not be read says so", () => {
    const holder = Object.defineProperty({}, "email", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    expect(built(holder)).toStrictEqual({ email: "[Unreadable]" });
  });

  it("what is built again, as bound attributes in a scope are, keeps its pseudonym", () => {
    const once = built({ "user.id": 42 });
    expect(buildAttributes([once], redactor)).toStrictEqual(once);
  });

  it.each([
    [{ keys: ["a"] }, "redaction.pseudonymize.salt"],
    [{ keys: ["a"], salt: "short" }, "redaction.pseudonymize.salt"],
    [{ salt }, "redaction.pseudonymize.keys"],
    [{ keys: ["a b"], salt }, "redaction.pseudonymize.keys[0]"],
    [{ keys: ["a"], salt, algorithm: "md5" }, "redaction.pseudonymize.algorithm"],
    ["email", "redaction.pseudonymize"],
  ])("%j is refused, and a salt is not repeated", (pseudonymize, path) => {
    try {
      createRedactor({ pseudonymize } as never);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).issues.map((issue) => issue.path)).toContain(path);
      expect((error as ConfigError).message).not.toContain('"short"');
    }
  });
});
