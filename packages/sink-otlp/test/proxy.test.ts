import { CertificateAuthority } from "@dagstack/otlp-receiver";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ProxyServer } from "./proxy-server.ts";
import { numbersOf, upTo, withReceiver } from "./rig.ts";

const authority = new CertificateAuthority();
const SECURE = { tls: authority.issue("127.0.0.1") };
const BASIC = `Basic ${btoa("alice:hunter2")}`;

afterEach(() => {
  vi.unstubAllEnvs();
});

async function withProxy(use: (proxy: ProxyServer) => Promise<void>, isSecure = false): Promise<void> {
  const proxy = await ProxyServer.start(isSecure ? authority.issue("127.0.0.1") : undefined);
  try {
    await use(proxy);
  } finally {
    await proxy.stop();
  }
}

describe("a proxy", () => {
  it("for http: asked in absolute form, over one connection, with its credentials", async () => {
    await withProxy(async (proxy) => {
      await withReceiver(
        { proxy: proxy.urlFor("alice", "hunter2"), batchSize: 1 },
        async ({ sink, emitMany, receiver, context }) => {
          emitMany(3);
          expect(await sink.flush(3_000)).toMatchObject({ success: true });
          expect(numbersOf(receiver.records())).toEqual(upTo(3));
          const host = new URL(receiver.url).host;
          const asked = { method: "POST", target: `${receiver.url}/v1/logs`, authorization: BASIC, host };
          expect(proxy.asked).toEqual([asked, asked, asked]);
          expect(receiver.requests()[0]?.headers["proxy-authorization"]).toBeUndefined();
          expect(context.errors).toEqual([]);
          expect(sink.id).not.toContain("hunter2");
        },
      );
    });
  });

  it.each([
    ["http", false],
    ["https", true],
  ])(
    "for https: a tunnel through an %s proxy, TLS to the receiver inside of it, one for all requests",
    async (_, isSecure) => {
      await withProxy(async (proxy) => {
        await withReceiver(
          { proxy: proxy.urlFor("alice", "hunter2"), tls: { ca: authority.cert }, batchSize: 1 },
          async ({ sink, emitMany, receiver }) => {
            emitMany(3);
            expect(await sink.flush(3_000)).toMatchObject({ success: true });
            expect(numbersOf(receiver.records())).toEqual(upTo(3));
            const authorityOf = new URL(receiver.url).host;
            expect(proxy.asked).toEqual([
              { method: "CONNECT", target: authorityOf, authorization: BASIC, host: authorityOf },
            ]);
            expect(receiver.requests()[0]?.headers["proxy-authorization"]).toBeUndefined();
          },
          SECURE,
        );
      }, isSecure);
    },
  );

  it("trusts nobody in the tunnel whom it would not trust without", async () => {
    await withProxy(async (proxy) => {
      await withReceiver(
        { proxy: proxy.url },
        async ({ sink, emitMany, receiver, context }) => {
          emitMany(1);
          expect(await sink.flush(200)).toMatchObject({ success: false });
          expect(receiver.requests()).toHaveLength(0);
          expect(String(context.errors[0]?.error)).toMatch(/no response \((SELF_SIGNED|UNABLE)/);
        },
        SECURE,
      );
    });
  });

  it.each([
    ["http", 407, /HTTP 407/, {}],
    ["http", 503, /HTTP 503/, {}],
    ["http", "reset", /no response \(ECONNRESET\)/, {}],
    ["http", "hang", /no answer in 200 ms/, {}],
    ["https", 407, /no response \(PROXY_HTTP_407\)/, SECURE],
    ["https", 502, /no response \(PROXY_HTTP_502\)/, SECURE],
    ["https", "reset", /no response \(ECONNRESET\)/, SECURE],
    ["https", "hang", /no answer in 200 ms/, SECURE],
  ] as const)(
    "that refuses (%s, %s) is an outage, and its credentials stay out of diagnostics",
    async (_, refuse, told, options) => {
      await withProxy(async (proxy) => {
        proxy.refuse = refuse;
        await withReceiver(
          {
            proxy: proxy.urlFor("alice", "hunter2"),
            tls: "tls" in options ? { ca: authority.cert } : undefined,
            timeoutMs: 200,
          },
          async ({ sink, emitMany, receiver, context }) => {
            emitMany(2);
            await sink.flush(400);
            expect(context.ledger.pending).toBe(2);
            proxy.refuse = undefined;
            expect(await sink.flush(5_000)).toMatchObject({ success: true });
            expect(numbersOf(receiver.records())).toEqual(upTo(2));
            const all = context.errors.map(({ error }) => String(error)).join();
            expect(all).toMatch(told);
            expect(all).not.toMatch(/hunter2|alice|Basic/);
          },
          options,
        );
      });
    },
  );

  it("that cut an idle tunnel: a new one at once, without a diagnostic", async () => {
    await withProxy(async (proxy) => {
      await withReceiver(
        { proxy: proxy.url, tls: { ca: authority.cert } },
        async ({ sink, emitMany, context }) => {
          emitMany(1);
          await sink.flush(3_000);
          proxy.cut();
          emitMany(1);
          expect(await sink.flush(500)).toMatchObject({ success: true });
          expect(proxy.asked).toHaveLength(2);
          expect(context.errors).toEqual([]);
        },
        SECURE,
      );
    });
  });

  it("open() asks the proxy, since the receiver may not be seen from here", async () => {
    await withProxy(async (proxy) => {
      await withReceiver({ proxy: proxy.url, endpoint: "http://no-such-host.invalid" }, async ({ sink }) => {
        await expect(sink.open()).resolves.toBeUndefined();
        await proxy.stop();
        await expect(sink.open()).rejects.toThrow(/ECONNREFUSED/);
      });
    });
  });
});

describe("the environment's proxy", () => {
  it("is used where Node is told to, and not for what NO_PROXY names; proxy: false keeps it out", async () => {
    await withProxy(async (proxy) => {
      vi.stubEnv("http_proxy", "");
      vi.stubEnv("no_proxy", "");
      vi.stubEnv("HTTP_PROXY", proxy.url);
      vi.stubEnv("NO_PROXY", "");
      const send = async (options = {}): Promise<number> => {
        const before = proxy.asked.length;
        await withReceiver(options, async ({ sink, emitMany }) => {
          emitMany(1);
          expect(await sink.flush(3_000)).toMatchObject({ success: true });
        });
        return proxy.asked.length - before;
      };
      expect(await send()).toBe(0);
      vi.stubEnv("NODE_USE_ENV_PROXY", "1");
      expect(await send()).toBe(1);
      expect(await send({ proxy: false })).toBe(0);
      vi.stubEnv("NO_PROXY", "127.0.0.1");
      expect(await send()).toBe(0);
    });
  });

  it("one that cannot be used is told once, without its value, and left out", async () => {
    vi.stubEnv("NODE_USE_ENV_PROXY", "1");
    vi.stubEnv("http_proxy", "socks5://alice:hunter2@proxy");
    vi.stubEnv("no_proxy", "");
    vi.stubEnv("NO_PROXY", "");
    await withReceiver({}, async ({ sink, emitMany, context }) => {
      emitMany(1);
      expect(await sink.flush(3_000)).toMatchObject({ success: true });
      expect(context.errors.map(({ error }) => String(error))).toEqual([
        expect.stringContaining("environment variables were ignored: http_proxy (must be an http or https URL)"),
      ]);
    });
  });
});
