import type { TLSMaterial } from "./tls.ts";
import type { Transport } from "./transport.ts";

/** What differs between Node and everything else. Chosen by the package's `imports` condition `#platform`. */
export interface Platform {
  createTransport(url: URL, tls: TLSMaterial | undefined): Transport;
  gzip(bytes: Uint8Array): Promise<Uint8Array>;
  /** Left out where the platform decides about certificates itself. */
  readonly tls?: PlatformTLS;
}

/** Certificates, where a program may bring its own. */
export interface PlatformTLS {
  /** The text of a file. @throws when it cannot be read. */
  readFile(path: string): string;
  /** @throws when a certificate or key is no such thing, or the two do not belong together. */
  check(material: TLSMaterial): void;
}
