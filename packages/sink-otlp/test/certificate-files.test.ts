import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateAuthority, OtlpReceiver } from "@dagstack/otlp-receiver";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Rig, withReceiver } from "./rig.ts";

const first = new CertificateAuthority();
const second = new CertificateAuthority();
const folder = mkdtempSync(join(tmpdir(), "sink-otlp-"));
const paths = { ca: join(folder, "ca.pem"), cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };

/** As certificate tools do it: written aside, then moved into place. */
function put(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function putClient(authority: CertificateAuthority): void {
  const { cert, key } = authority.issue("client");
  put(paths.cert, cert);
  put(paths.key, key);
}

async function delivers({ sink, emitMany, context }: Rig, timeoutMs = 5_000): Promise<boolean> {
  emitMany(1);
  await sink.flush(timeoutMs);
  return context.ledger.pending === 0;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("certificate files that change under a running sink", () => {
  it.each(["options", "environment"])(
    "a new authority is taken up with the next request (files named by %s)",
    async (by) => {
      put(paths.ca, first.cert);
      if (by === "environment") vi.stubEnv("OTEL_EXPORTER_OTLP_CERTIFICATE", paths.ca);
      const tls = by === "options" ? { caFile: paths.ca } : undefined;
      const old = await OtlpReceiver.start({ tls: first.issue("127.0.0.1") });
      const port = Number(new URL(old.url).port);
      await withReceiver({ tls, endpoint: old.url }, async (rig) => {
        expect(await delivers(rig)).toBe(true);
        await old.stop();
        const renewed = await OtlpReceiver.start({ port, tls: second.issue("127.0.0.1") });
        expect(await delivers(rig, 200)).toBe(false);
        put(paths.ca, second.cert);
        await rig.sink.flush(5_000);
        expect(rig.context.ledger.delivered).toBe(2);
        await renewed.stop();
      });
    },
  );

  it("a client's certificate and key are taken up, and connections made with the old ones are let go", async () => {
    putClient(first);
    const tls = { ca: first.cert, certFile: paths.cert, keyFile: paths.key };
    await withReceiver(
      { tls },
      async (rig) => {
        expect(await delivers(rig)).toBe(true);
        putClient(first);
        expect(await delivers(rig)).toBe(true);
        expect(new Set(rig.receiver.requests().map(({ clientPort }) => clientPort)).size).toBe(2);
        expect(rig.context.errors).toEqual([]);
      },
      { tls: { ...first.issue("127.0.0.1"), ca: first.cert } },
    );
  });

  it("between certificate and key nothing is told, and the old pair stays in use", async () => {
    putClient(first);
    const tls = { ca: first.cert, certFile: paths.cert, keyFile: paths.key };
    await withReceiver(
      { tls },
      async (rig) => {
        const { cert, key } = first.issue("client");
        put(paths.cert, cert);
        expect(await delivers(rig)).toBe(true);
        put(paths.key, key);
        expect(await delivers(rig)).toBe(true);
        expect(rig.context.errors).toEqual([]);
      },
      { tls: { ...first.issue("127.0.0.1"), ca: first.cert } },
    );
  });

  it.each<[string, () => void, string]>([
    ["that is none", () => put(paths.ca, "hunter2"), "not valid"],
    ["that is gone", () => renameSync(paths.ca, `${paths.ca}.old`), "ENOENT"],
  ])("a file %s: the one read before stays in use, which is told once and without its text", async (_, spoil, code) => {
    put(paths.ca, first.cert);
    await withReceiver(
      { tls: { caFile: paths.ca } },
      async (rig) => {
        expect(await delivers(rig)).toBe(true);
        spoil();
        for (let n = 0; n < 5; n++) expect(await delivers(rig)).toBe(true);
        expect(rig.context.errors.map(({ error, type }) => [type, String(error)])).toEqual([
          [
            "certificate_files",
            `Error: changed certificate files cannot be used (${code}): those read before stay in use`,
          ],
        ]);
        put(paths.ca, first.cert);
        expect(await delivers(rig)).toBe(true);
      },
      { tls: first.issue("127.0.0.1") },
    );
  });
});
