/** HMAC with SHA-256 (FIPS 180-4, RFC 2104), synchronously and in every runtime. For short texts. */

const BLOCK = 64;
const WORDS = 64;

/** The first 32 bits of the fractional parts of roots of the first primes. */
function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const found = new Uint32Array(count);
  let at = 0;
  for (let candidate = 2; at < count; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) isPrime = false;
    if (isPrime) found[at++] = (root(candidate) % 1) * 2 ** 32;
  }
  return found;
}

const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function sha256(message: Uint8Array): Uint8Array {
  const constants = fractions(WORDS, Math.cbrt);
  const hash = fractions(8, Math.sqrt);
  const length = Math.ceil((message.length + 9) / BLOCK) * BLOCK;
  const padded = new Uint8Array(length);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(length - 4, message.length * 8);
  view.setUint32(length - 8, Math.floor(message.length / 2 ** 29));
  const schedule = new Uint32Array(WORDS);
  for (let start = 0; start < length; start += BLOCK) {
    for (let at = 0; at < 16; at++) schedule[at] = view.getUint32(start + at * 4);
    for (let at = 16; at < WORDS; at++) {
      const [w15, w2] = [schedule[at - 15] as number, schedule[at - 2] as number];
      const s0 = rotated(w15, 7) ^ rotated(w15, 18) ^ (w15 >>> 3);
      const s1 = rotated(w2, 17) ^ rotated(w2, 19) ^ (w2 >>> 10);
      schedule[at] = (schedule[at - 16] as number) + s0 + (schedule[at - 7] as number) + s1;
    }
    let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
    for (let at = 0; at < WORDS; at++) {
      const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[at] as number) + (schedule[at] as number)) | 0;
      const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => {
      hash[at] = (hash[at] as number) + word;
    });
  }
  const digest = new DataView(new ArrayBuffer(32));
  hash.forEach((word, at) => {
    digest.setUint32(at * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The HMAC of a text under a key, in hexadecimal digits. */
export function hmacSha256(key: string, text: string): string {
  const encoder = new TextEncoder();
  const bytes = encoder.encode(key);
  const padded = new Uint8Array(BLOCK);
  padded.set(bytes.length > BLOCK ? sha256(bytes) : bytes);
  const inner = sha256(
    joined(
      padded.map((byte) => byte ^ 0x36),
      encoder.encode(text),
    ),
  );
  const outer = sha256(
    joined(
      padded.map((byte) => byte ^ 0x5c),
      inner,
    ),
  );
  return Array.from(outer, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
