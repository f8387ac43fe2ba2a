import { AsyncLocalStorage } from "node:async_hooks";
import { testRecord } from "@dagstack/logger-core/testing";
import { describe, expect, it } from "vitest";
import { CallbackSink } from "../src/index.ts";

const user = new AsyncLocalStorage<string>();

describe("CallbackSink: the callback runs in the asynchronous context of the sink's creation", () => {
  it("called inside emit, after a record waited, and in what it awaits", async () => {
    const seen: unknown[] = [];
    const sink = user.run(
      "maker",
      () =>
        new CallbackSink(async ({ body }) => {
          seen.push([body, user.getStore()]);
          await Promise.resolve();
          seen.push([body, user.getStore()]);
        }),
    );
    for (const name of ["alice", "bob"]) user.run(name, () => sink.emit(testRecord({ body: name })));
    await sink.flush();
    expect(seen).toEqual([
      ["alice", "maker"],
      ["alice", "maker"],
      ["bob", "maker"],
      ["bob", "maker"],
    ]);
  });

  it("and so does a then of its answer", () => {
    const seen: unknown[] = [];
    const then = (resolve: () => void): void => {
      seen.push(user.getStore());
      resolve();
    };
    const answer = Object.defineProperty({}, ["th", "en"].join(""), { value: then });
    const sink = user.run("maker", () => new CallbackSink(() => answer));
    user.run("alice", () => sink.emit(testRecord()));
    expect(seen).toEqual(["maker"]);
  });
});
