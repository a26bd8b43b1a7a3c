/** Field numbers that are kept; those of the messages read here are smaller. */
const FIELDS = 16;

/** The varint fields of one protobuf message (Protocol Buffers, *Encoding*); other fields are passed over. Used again and again. */
export class ProtobufFields {
  readonly #values = new Float64Array(FIELDS);
  /** Whether the bytes were whole fields. */
  areWhole = true;
  #at = 0;

  /** Value of a field, rounded beyond 2^53; NaN: the message lacks it. */
  valueOf(field: number): number {
    return this.#values[field];
  }

  /** The varint at `from`, NaN where it is not all there; `end` is where it ends. */
  varint(bytes: Uint8Array, from: number, to: number): { readonly value: number; readonly end: number } {
    this.#at = from;
    return { value: this.#varint(bytes, to), end: this.#at };
  }

  /** Takes the message `bytes[from, to)`. */
  read(bytes: Uint8Array, from: number, to: number): void {
    this.#values.fill(NaN);
    this.areWhole = true;
    this.#at = from;
    while (this.#at < to && this.areWhole) {
      const key = this.#varint(bytes, to);
      const field = Math.floor(key / 8);
      const wire = key % 8;
      if (wire === 0) {
        const value = this.#varint(bytes, to);
        if (Number.isNaN(value)) this.areWhole = false;
        else if (field < FIELDS) this.#values[field] = value;
      } else if (wire === 2) {
        const length = this.#varint(bytes, to);
        this.#at += length;
      } else if (wire === 1) this.#at += 8;
      else if (wire === 5) this.#at += 4;
      else this.areWhole = false;
    }
    if (this.#at !== to) this.areWhole = false;
  }

  #varint(bytes: Uint8Array, to: number): number {
    let value = 0;
    for (let scale = 1; this.#at < to && scale <= 2 ** 63; scale *= 128) {
      const byte = bytes[this.#at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return NaN;
  }
}
