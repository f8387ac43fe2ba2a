import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateAuthority } from "@dagstack/otlp-receiver";
import { describe, expect, it } from "vitest";
import { withReceiver } from "./rig.ts";

const authority = new CertificateAuthority();
const server = authority.issue("127.0.0.1");
const client = authority.issue("client");

function file(name: string, content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "sink-otlp-")), name);
  writeFileSync(path, content);
  return path;
}

describe("TLS", () => {
  it.each([
    ["text", { ca: authority.cert }],
    ["a file", { caFile: file("ca.pem", authority.cert) }],
  ])("trusts a private authority given as %s", async (_, tls) => {
    await withReceiver(
      { tls },
      async ({ sink, emitMany, receiver }) => {
        emitMany(1);
        expect(await sink.flush(3_000)).toMatchObject({ success: true });
        expect(receiver.records()).toHaveLength(1);
      },
      { tls: server },
    );
  });

  it.each([
    ["text", { cert: client.cert, key: client.key }],
    ["files", { certFile: file("cert.pem", client.cert), keyFile: file("key.pem", client.key) }],
  ])("shows a client certificate given as %s (mTLS)", async (_, tls) => {
    await withReceiver(
      { tls: { ca: authority.cert, ...tls } },
      async ({ sink, emitMany, receiver }) => {
        emitMany(1);
        expect(await sink.flush(3_000)).toMatchObject({ success: true });
        expect(receiver.records()).toHaveLength(1);
      },
      { tls: { ...server, ca: authority.cert } },
    );
  });

  it.each([
    ["an unknown authority", server, {}, /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_/],
    ["another host's certificate", authority.issue("elsewhere"), { tls: { ca: authority.cert } }, /ALTNAME_INVALID/],
    ["a missing client certificate", { ...server, ca: authority.cert }, { tls: { ca: authority.cert } }, /no response/],
  ])("%s is an outage: tried again, its code named (design §7)", async (_, tls, options, message) => {
    await withReceiver(
      options,
      async ({ sink, emitMany, receiver, context }) => {
        emitMany(1);
        expect(await sink.flush(300)).toMatchObject({ success: false, droppedCount: 0 });
        expect(receiver.requests()).toHaveLength(0);
        expect(context.ledger.pending).toBe(1);
        expect(String(context.errors[0]?.error)).toMatch(message);
      },
      { tls },
    );
  });
});
