import { describe, expect, it } from "vitest";
import { publicSinkId } from "../../src/delivery/sink-id.ts";

describe("publicSinkId (D-50)", () => {
  it.each([
    ["loki:https://logs.example/loki/api/v1/push", "loki:https://logs.example/loki/api/v1/push"],
    ["loki:https://user:pass@logs.example/push", "loki:https://logs.example/push"],
    ["https://user@host:4318", "https://host:4318"],
    ["https://user:p@ss@host/a@b", "https://host/a@b"],
    ["https://host/push?token=t#x", "https://host/push"],
    ["https://host?token=t", "https://host"],
    ["https://user:pass@host#secret", "https://host"],
    ["no url? yes, @ all", "no url? yes, @ all"],
    ["sink", "sink"],
  ])("%s", (id, expected) => {
    expect(publicSinkId(id)).toBe(expected);
  });
});
