import { describe, expect, it } from "vitest";
import type { Variables } from "../../src/http/process-variables.ts";
import { environmentProxy } from "../../src/http/proxy.ts";

const ON = { NODE_USE_ENV_PROXY: "1" };
const proxyFor = (target: string, variables: Variables, options: readonly string[] = []): string | undefined =>
  environmentProxy(new URL(target), variables, options).proxy?.url.href;

describe("the proxy of the environment, as Node 24 reads it", () => {
  it.each<[string, Variables, readonly string[], string | undefined]>([
    ["not asked for", {}, [], undefined],
    ["asked for otherwise", { NODE_USE_ENV_PROXY: "true" }, [], undefined],
    ["NODE_USE_ENV_PROXY=1", ON, [], "http://p:1/"],
    ["--use-env-proxy", {}, ["--use-env-proxy"], "http://p:1/"],
  ])("%s", (_, variables, options, url) => {
    expect(proxyFor("http://x", { ...variables, HTTP_PROXY: "http://p:1" }, options)).toBe(url);
  });

  it("is of the target's scheme; small letters go first", () => {
    const variables = { ...ON, HTTP_PROXY: "http://a", http_proxy: "http://b", HTTPS_PROXY: "https://c:8443" };
    expect(proxyFor("http://x", variables)).toBe("http://b/");
    expect(proxyFor("https://x", variables)).toBe("https://c:8443/");
    expect(proxyFor("https://x", { ...ON, HTTP_PROXY: "http://a" })).toBeUndefined();
  });

  it.each<[string, string, boolean]>([
    ["*", "http://any.example", true],
    ["host.example", "http://host.example", true],
    ["HOST.example", "http://host.example:81", true],
    ["host.example:81", "http://host.example:81", true],
    ["host.example:82", "http://host.example:81", false],
    ["host.example:443", "https://host.example", true],
    [".example", "http://host.example", true],
    [".host.example", "http://host.example", true],
    [".ost.example", "http://host.example", false],
    ["*.example", "http://a.host.example", true],
    ["*.example", "http://example", false],
    ["example", "http://host.example", false],
    ["a, host.example ,b", "http://host.example", true],
    ["10.0.0.1-10.0.0.9", "http://10.0.0.5", true],
    ["10.0.0.1 - 10.0.0.9", "http://10.0.0.9", true],
    ["10.0.0.1-10.0.0.9", "http://10.0.0.10", false],
    ["10.0.0.1-10.0.0.9", "http://host.example", false],
    ["::1", "http://[::1]:4318", true],
    ["", "http://host.example", false],
    ["a-b", "http://host.example", false],
  ])("NO_PROXY=%j keeps %s from it: %s", (list, target, isExcepted) => {
    const variables = { ...ON, HTTP_PROXY: "http://p", HTTPS_PROXY: "http://p", NO_PROXY: list };
    expect(proxyFor(target, variables) === undefined).toBe(isExcepted);
  });

  it("credentials leave the URL; one that cannot be used is named without its value", () => {
    const variables = { ...ON, HTTP_PROXY: "http://alice:hunter2@p", HTTPS_PROXY: "socks5://alice:hunter2@p" };
    expect(environmentProxy(new URL("http://x"), variables, []).proxy).toEqual({
      url: new URL("http://p"),
      authorization: `Basic ${btoa("alice:hunter2")}`,
    });
    expect(environmentProxy(new URL("https://x"), variables, [])).toEqual({
      proxy: undefined,
      ignored: "HTTPS_PROXY (must be an http or https URL)",
    });
  });
});
