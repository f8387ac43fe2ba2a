import { errorCode, isPem, type TLSMaterial, type TLSPart, type TLSSettings } from "../transport/index.ts";
import { builtin } from "./modules.ts";

/** Certificates from files, read again when these change: authorities and clients' certificates expire and are replaced. */
export class CertificateFiles {
  readonly #files: readonly (readonly [TLSPart, string])[];
  readonly #onProblem: (text: string, type: string) => void;
  #material: TLSMaterial;
  #seen: string;
  #hasFailed = false;

  constructor({ material, files }: TLSSettings, onProblem: (text: string, type: string) => void) {
    this.#material = material;
    this.#files = Object.entries(files) as [TLSPart, string][];
    this.#onProblem = onProblem;
    this.#seen = this.#look();
  }

  get material(): TLSMaterial {
    return this.#material;
  }

  /** Whether `material` is another than at the last call. What cannot be used leaves it as it was, and is told. */
  changed(): boolean {
    const seen = this.#look();
    if (seen === this.#seen) return false;
    this.#seen = seen;
    return this.#read();
  }

  #read(): boolean {
    try {
      const material: { -readonly [Part in TLSPart]?: string } = { ...this.#material };
      for (const [part, path] of this.#files) {
        const text = builtin("fs").readFileSync(path, "utf8");
        if (!isPem(part, text)) throw new Error("not in PEM");
        material[part] = text;
      }
      builtin("tls").createSecureContext(material);
      this.#material = material;
      this.#hasFailed = false;
      return true;
    } catch (error) {
      // Once may be the moment between the new certificate and its key.
      if (this.#hasFailed) this.#tell(errorCode(error, "not valid"));
      else this.#seen = "";
      this.#hasFailed = !this.#hasFailed;
      return false;
    }
  }

  #tell(code: string): void {
    const text = `changed certificate files cannot be used (${code}): those read before stay in use`;
    this.#onProblem(text, "certificate_files");
  }

  /** What changes when a file does: replaced, written over, or behind a link that leads elsewhere now. */
  #look(): string {
    return this.#files
      .map(([, path]) => {
        try {
          const { ino, size, mtimeMs } = builtin("fs").statSync(path);
          return `${ino} ${size} ${mtimeMs}`;
        } catch {
          return "none"; // a change like any other: reading it says what is wrong
        }
      })
      .join();
  }
}
