import type { Transport } from "./transport.ts";

/** What differs between Node and everything else. Chosen by the package's `imports` condition `#http-platform`. */
export interface HttpPlatform {
  createTransport(settings: TransportSettings): Transport;
  gzip(bytes: Uint8Array): Promise<Uint8Array>;
  /** Left out where the platform decides about certificates and proxies itself. */
  readonly connections?: PlatformConnections;
}

/** What a transport is made of. */
export interface TransportSettings {
  readonly url: URL;
  /** Sent where a program may name itself. */
  readonly userAgent: string;
  /** How much of an answer is read. */
  readonly maxAnswerBytes: number;
  readonly tls: TLSSettings | undefined;
  readonly proxy: ProxySettings | undefined;
  /** Told once for each kind of trouble that costs nothing yet: no secret, no text of the other side. */
  readonly onProblem: (text: string, type: string) => void;
}

/** Certificates, where a program may bring its own. */
export interface PlatformConnections {
  /** The text of a file. @throws when it cannot be read. */
  readFile(path: string): string;
  /** @throws when a certificate or key is no such thing, or the two do not belong together. */
  check(material: TLSMaterial): void;
}

/** Certificates and key in PEM. */
export interface TLSMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export type TLSPart = keyof TLSMaterial;

/** Certificates that were read and checked, and the files that some of them came from. */
export interface TLSSettings {
  readonly material: TLSMaterial;
  readonly files: { readonly [Part in TLSPart]?: string };
}

/** A proxy to go through. */
export interface ProxySettings {
  /** Without user info. */
  readonly url: URL;
  /** `Proxy-Authorization`, if the proxy wants one. */
  readonly authorization: string | undefined;
}

const PEM_LABEL: Readonly<Record<TLSPart, RegExp>> = {
  ca: /-----BEGIN (TRUSTED )?CERTIFICATE-----/,
  cert: /-----BEGIN CERTIFICATE-----/,
  key: /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
};

/** Whether a text may be this part, in PEM. */
export function isPem(part: TLSPart, text: string): boolean {
  return PEM_LABEL[part].test(text);
}
