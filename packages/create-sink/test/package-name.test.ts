import { describe, expect, it, test } from "vitest";
import { packageNameProblem, sinkNames } from "../src/package-name.ts";

describe("names that npm publishes under", () => {
  test.each(["sink-x", "@acme/sink-x", "x", "@a/b", "sink.x_y-z", "0x", `@acme/${"x".repeat(208)}`])("%s", (name) => {
    expect(packageNameProblem(name)).toBeUndefined();
  });
});

describe("names that npm refuses, and why", () => {
  test.each([
    ["", "empty"],
    [`@acme/${"x".repeat(209)}`, "at most 214 characters, this has 215"],
    ["@acme/Sink", "no capital letters"],
    ["acme/sink-x", "@scope/sink-x"],
    ["@acme", "@scope/sink-x"],
    ["@acme/sink/x", "@scope/sink-x"],
    ["@/sink-x", "begin with a letter"],
    ["@acme/", "begin with a letter"],
    [".sink", "begin with a letter"],
    ["_sink", "begin with a letter"],
    ["@acme/-sink", "begin with a letter"],
    ["sink x", "a–z, 0–9"],
    ["sink~x", "a–z, 0–9"],
    ["sänk", "a–z, 0–9"],
    ["../sink", "@scope/sink-x"],
    ["@../sink", "begin with a letter"],
    ["node_modules", "does not allow"],
    ["http", "does not allow"],
  ])("%s: %s", (name, why) => {
    expect(packageNameProblem(name)).toContain(why);
  });

  it("a built-in module's name is free within a scope", () => {
    expect(packageNameProblem("@acme/http")).toBeUndefined();
  });
});

describe("what the code is called after the package", () => {
  test.each([
    ["@acme/sink-x", "x", "XSink"],
    ["@acme/sink-big-query", "big-query", "BigQuerySink"],
    ["sink-loki", "loki", "LokiSink"],
    ["loki-sink", "loki", "LokiSink"],
    ["@acme/loki", "loki", "LokiSink"],
    ["@acme/sink_a.b", "a-b", "ABSink"],
    ["@acme/sink-3d", "3d", "Sink3d"],
    ["@acme/sink", "acme", "AcmeSink"],
    ["sink", "my", "MySink"],
    ["@9/sink-__proto__", "proto", "ProtoSink"],
  ])("%s: %s, %s", (name, file, className) => {
    expect(sinkNames(name)).toEqual({ file, className });
  });
});
