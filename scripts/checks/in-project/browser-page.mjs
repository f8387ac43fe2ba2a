// Runs in a real browser, bundled by scripts/checks/browser.mjs. Each check is a title and a function that throws.
import { systemClock } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { InMemorySink } from "@dagstack/sink-memory";

function equal(actual, expected) {
  const [a, b] = [actual, expected].map((value) =>
    JSON.stringify(value, (_key, member) => (typeof member === "bigint" ? `${member}n` : member)),
  );
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

const checks = {
  "this is a browser": () => equal([typeof window, typeof process], ["object", "undefined"]),
  "the clock runs": () => equal(systemClock.now() > 1_600_000_000_000_000_000n, true),
  "the memory sink keeps a record": async () => {
    const sink = new InMemorySink();
    sink.emit(testRecord({ body: "from a browser" }));
    equal((await sink.flush()).success, true);
    equal(
      sink.records().map(({ body }) => body),
      ["from a browser"],
    );
    await sink.close();
  },
};

globalThis.checks = Promise.all(
  Object.entries(checks).map(async ([title, check]) => {
    try {
      await check();
      return [title, null];
    } catch (error) {
      return [title, String(error.stack ?? error)];
    }
  }),
);
