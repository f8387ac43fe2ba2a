// Runs in a real browser, bundled by scripts/checks/browser.mjs. Each check is a title and a function that throws.
import { configure, Logger } from "@dagstack/logger";
import { systemClock } from "@dagstack/logger-core";
import { testRecord } from "@dagstack/logger-core/testing";
import { ConsoleSink } from "@dagstack/sink-console";
import { InMemorySink } from "@dagstack/sink-memory";
import { OTLPSink } from "@dagstack/sink-otlp";

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
  "the logger masks, writes to the browser's console and to memory, and loses nothing": async () => {
    const printed = [];
    const { info } = console;
    console.info = (text) => printed.push(text);
    try {
      const memory = new InMemorySink();
      const logging = configure({ resource: { "service.name": "page" }, sinks: [new ConsoleSink(), memory] });
      Logger.get("shop.page").info("order placed", { "order.id": 42, api_key: "never to be seen" });
      const { success, droppedCount } = await logging.flush(2_000);
      equal([success, droppedCount], [true, 0]);
      const [{ attributes, instrumentationScope }] = memory.records();
      equal([attributes["order.id"], attributes.api_key, instrumentationScope.name], [42, "***", "shop.page"]);
      await logging.close();
    } finally {
      console.info = info;
    }
    equal(printed.length, 1);
    equal(printed[0].includes("order placed") && !printed[0].includes("never to be seen"), true);
  },
  "the OTLP sink posts over the page's fetch, with keepalive as soon as the page is hidden": async () => {
    const posts = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (url, { body, keepalive = false }) => {
      posts.push({ url: String(url), bytes: body.length, keepalive });
      return new Response(null, { status: 200 });
    };
    try {
      const sink = new OTLPSink({ endpoint: "http://collector.example", flushIntervalMs: 600_000 });
      sink.emit(testRecord({ body: "seen" }));
      equal((await sink.flush(2_000)).success, true);
      sink.emit(testRecord({ body: "just before the page goes" }));
      dispatchEvent(new Event("pagehide"));
      equal((await sink.flush(2_000)).success, true);
      await sink.close();
    } finally {
      globalThis.fetch = fetch;
    }
    equal(
      posts.map(({ url, keepalive }) => [url, keepalive]),
      [
        ["http://collector.example/v1/logs", false],
        ["http://collector.example/v1/logs", true],
      ],
    );
    equal(
      posts.every(({ bytes }) => bytes > 0),
      true,
    );
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
