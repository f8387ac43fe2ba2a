/** Throw-away certificates for tests: X.509 written by hand, so that no key lies in the repository and none expires. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/** A certificate and its private key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
const TRUE = Buffer.from([0x01, 0x01, 0xff]);
const DAY_MS = 86_400_000;

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

const objectId = (hex: string): Buffer => der(OBJECT_ID, Buffer.from(hex, "hex"));
const ECDSA_WITH_SHA256 = der(SEQUENCE, objectId("2a8648ce3d040302"));
const COMMON_NAME = objectId("550403");
const BASIC_CONSTRAINTS = objectId("551d13");
const SUBJECT_ALT_NAME = objectId("551d11");

const nameOf = (text: string): Buffer =>
  der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(text)))));

function time(ms: number): Buffer {
  const digits = new Date(ms)
    .toISOString()
    .replaceAll(/[-:T]|\.\d+/g, "")
    .slice(2);
  return der(UTC_TIME, Buffer.from(digits));
}

function serialNumber(): Buffer {
  const bytes = randomBytes(8);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40);
  return der(INTEGER, bytes);
}

function altName(host: string): Buffer {
  if (isIP(host) === 0) return der(DNS_NAME, Buffer.from(host));
  if (isIP(host) === 6) throw new Error("only IPv4 addresses and names");
  return der(IP_ADDRESS, Buffer.from(host.split(".").map(Number)));
}

function pem(content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** A private certificate authority that lives as long as the test. */
export class CertificateAuthority {
  /** Its own certificate, in PEM: what a client must trust. */
  readonly cert: string;
  readonly #name: string;
  readonly #key: KeyObject;

  constructor(name = "test authority") {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#name = name;
    this.#key = privateKey;
    const isAuthority = der(SEQUENCE, BASIC_CONSTRAINTS, TRUE, der(OCTET_STRING, der(SEQUENCE, TRUE)));
    this.cert = this.#certificate(name, publicKey, isAuthority);
  }

  /** A certificate for these host names and IPv4 addresses, valid from yesterday until tomorrow. */
  issue(...hosts: readonly string[]): Certificate {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const names = der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTET_STRING, der(SEQUENCE, ...hosts.map(altName))));
    return {
      cert: this.#certificate(hosts[0] ?? "nobody", publicKey, names),
      key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    };
  }

  #certificate(subject: string, publicKey: KeyObject, extension: Buffer): string {
    const now = Date.now();
    const toBeSigned = der(
      SEQUENCE,
      der(VERSION, der(INTEGER, Buffer.from([2]))),
      serialNumber(),
      ECDSA_WITH_SHA256,
      nameOf(this.#name),
      der(SEQUENCE, time(now - DAY_MS), time(now + DAY_MS)),
      nameOf(subject),
      publicKey.export({ type: "spki", format: "der" }),
      der(EXTENSIONS, der(SEQUENCE, extension)),
    );
    const signature = sign("sha256", toBeSigned, this.#key);
    return pem(der(SEQUENCE, toBeSigned, ECDSA_WITH_SHA256, der(BIT_STRING, Buffer.from([0]), signature)));
  }
}
