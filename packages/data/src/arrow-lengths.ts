import { ByteBuffer } from "flatbuffers";

/* oxlint-disable no-underscore-dangle -- named so by flatbuffers, for the code that it generates */
const believed = ByteBuffer.prototype.__vector_len;

function held(this: ByteBuffer, offset: number): number {
  const length = believed.call(this, offset);
  if (length < 0 || length > this.capacity()) throw new Error(`metadata of ${this.capacity()} bytes has a list of ${length}`);
  return length;
}

/**
 * To be called before Arrow's metadata is read. apache-arrow 21 believes every length in it, and goes through the thousand million fields of a damaged
 * one; after this a list that its bytes cannot hold is an error.
 */
export function distrustArrowLengths(): void {
  ByteBuffer.prototype.__vector_len = held;
}
