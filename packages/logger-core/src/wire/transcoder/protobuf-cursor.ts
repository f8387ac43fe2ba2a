const NOTHING = /* @__PURE__ */ new Uint8Array(0);

/** A place in bytes of protobuf that our own encoders wrote. */
export class ProtobufCursor {
  source: Uint8Array = NOTHING;
  pos = 0;
  #view: DataView = new DataView(NOTHING.buffer);

  moveTo(source: Uint8Array, pos: number): void {
    if (this.source !== source) {
      this.source = source;
      this.#view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    }
    this.pos = pos;
  }

  byte(): number {
    return this.source[this.pos++] as number;
  }

  /** The end of the field whose length is here; the position is that of its content then. */
  fieldEnd(): number {
    const length = this.number();
    return this.pos + length;
  }

  /** A varint below 2^53. */
  number(): number {
    const { source } = this;
    let byte = source[this.pos++] as number;
    let number = byte & 0x7f;
    for (let unit = 0x80; byte > 0x7f; unit *= 0x80) {
      byte = source[this.pos++] as number;
      number += (byte & 0x7f) * unit;
    }
    return number;
  }

  /** A varint of 64 bits with a sign, as decimal digits. */
  int64(): string {
    const start = this.pos;
    while ((this.source[this.pos] as number) > 0x7f) this.pos += 1;
    const last = this.pos++;
    if (last - start < 7) {
      this.pos = start;
      return String(this.number());
    }
    let value = 0n;
    for (let at = last; at >= start; at--) value = (value << 7n) | BigInt((this.source[at] as number) & 0x7f);
    return String(BigInt.asIntN(64, value));
  }

  double(): number {
    this.pos += 8;
    return this.#view.getFloat64(this.pos - 8, true);
  }

  fixed32(): number {
    this.pos += 4;
    return this.#view.getUint32(this.pos - 4, true);
  }
}
