import { platform } from "#http-platform";
import { describeError, describeValue, type OptionsCheck } from "../options/index.ts";
import { isPem, type TLSMaterial, type TLSPart, type TLSSettings } from "./transport/index.ts";

/** Certificates for the connection, in PEM. Files are read again when they change. */
export interface TLSOptions {
  /** What to trust in place of the system's authorities. */
  readonly ca?: string | undefined;
  /** The client's certificate (mTLS); needs a key. */
  readonly cert?: string | undefined;
  /** The client's private key; needs a certificate. */
  readonly key?: string | undefined;
  /** A file in place of `ca`. */
  readonly caFile?: string | undefined;
  /** A file in place of `cert`. */
  readonly certFile?: string | undefined;
  /** A file in place of `key`. */
  readonly keyFile?: string | undefined;
}

const PARTS: readonly TLSPart[] = ["ca", "cert", "key"];
const FILE_OPTIONS = { ca: "caFile", cert: "certFile", key: "keyFile" } as const;

/** Reads the option `tls`; problems go to `check`. Never names what may be a key. */
export function readTLS(check: OptionsCheck, isSecure: boolean): TLSSettings | undefined {
  if (check.get("tls") === undefined) return undefined;
  const tls = check.nested("tls", [...PARTS, ...Object.values(FILE_OPTIONS)]);
  const given = PARTS.some((part) => tls.get(part) !== undefined || tls.get(FILE_OPTIONS[part]) !== undefined);
  if (!given) return undefined;
  if (platform.connections === undefined || !isSecure) {
    check.add({
      path: check.path("tls"),
      reason: "validation_failed",
      received: isSecure ? "certificates where the platform chooses them" : "certificates for an endpoint without TLS",
      allowed: isSecure ? "tls under Node only" : "tls with an https endpoint",
      fix: isSecure ? "remove tls" : "use an https endpoint or remove tls",
    });
    return undefined;
  }
  const material: { -readonly [P in TLSPart]?: string } = {};
  const files: { -readonly [P in TLSPart]?: string } = {};
  for (const part of PARTS) {
    const text = readPart(tls, part);
    const path = tls.get(FILE_OPTIONS[part]);
    if (text !== undefined) material[part] = text;
    if (typeof path === "string") files[part] = path;
  }
  checkPair(tls);
  checkMaterial(check, material);
  return { material, files };
}

/** Reads one certificate file. @throws Error when it cannot be read or is none. */
export function readCertificateFile(part: TLSPart, path: string): string {
  const text = platform.connections?.readFile(path) ?? "";
  if (!isPem(part, text)) throw new Error("not in PEM");
  return text;
}

/** Whether certificates can be used and fit together. */
export function areCertificatesUsable(material: TLSMaterial): boolean {
  try {
    platform.connections?.check(material);
    return platform.connections !== undefined;
  } catch {
    return false; // the caller reports that the settings are ignored
  }
}

function readPart(tls: OptionsCheck, part: TLSPart): string | undefined {
  const fileOption = FILE_OPTIONS[part];
  const direct = tls.get(part);
  const path = tls.get(fileOption);
  if (direct !== undefined && path !== undefined) {
    tls.add({
      path: tls.path(fileOption),
      reason: "duplicate",
      received: `${part} and ${fileOption}`,
      allowed: "one of them",
      fix: "remove one",
    });
    return undefined;
  }
  if (direct !== undefined) {
    if (typeof direct === "string" && isPem(part, direct)) return direct;
    tls.add({
      path: tls.path(part),
      reason: typeof direct === "string" ? "validation_failed" : "type_mismatch",
      received: typeof direct === "string" ? "text that is not in PEM" : describeValue(direct),
      allowed: "PEM text, beginning with -----BEGIN …-----",
      fix: `pass the content of the file, or its path as ${fileOption}`,
    });
    return undefined;
  }
  if (path === undefined) return undefined;
  return readFile(tls, part, path);
}

function readFile(tls: OptionsCheck, part: TLSPart, path: unknown): string | undefined {
  const option = FILE_OPTIONS[part];
  try {
    if (typeof path === "string" && path !== "") return readCertificateFile(part, path);
    tls.add({ path: tls.path(option), reason: "type_mismatch", received: describeValue(path), allowed: "a path" });
  } catch (error) {
    const { type, message } = describeError(error);
    tls.add({
      path: tls.path(option),
      reason: "validation_failed",
      received: `${mayBeKey(part, String(path)) ? "a path" : describeValue(path)} (${type === "Error" ? message : type})`,
      allowed: "a readable file in PEM",
      fix: "correct the path, or the permissions of the file",
    });
  }
  return undefined;
}

/** Whether a text in place of a path may be a key, put there by mistake: then it is not told. */
function mayBeKey(part: TLSPart, path: string): boolean {
  return part === "key" || /[\r\n]|-----/.test(path);
}

function checkPair(tls: OptionsCheck): void {
  const has = (part: TLSPart): boolean => tls.get(part) !== undefined || tls.get(FILE_OPTIONS[part]) !== undefined;
  if (has("cert") === has("key")) return;
  const [given, missing] = has("cert") ? (["cert", "key"] as const) : (["key", "cert"] as const);
  tls.add({
    path: tls.path(missing),
    reason: "missing",
    received: `${given} without ${missing}`,
    allowed: "both or neither",
    fix: `add ${missing} or ${FILE_OPTIONS[missing]}`,
  });
}

function checkMaterial(check: OptionsCheck, material: TLSMaterial): void {
  try {
    platform.connections?.check(material);
  } catch (error) {
    check.add({
      path: check.path("tls"),
      reason: "validation_failed",
      received: `certificates that cannot be used (${describeError(error).type})`,
      allowed: "valid certificates, and a key that belongs to cert and has no passphrase",
      fix: "check that the files are whole and belong together",
    });
  }
}
