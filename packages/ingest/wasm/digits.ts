// AssemblyScript: digits of a text, sixteen bytes at a time; for the files beside it.

// Digits that are not there become zeros: `mask + n * 16` keeps the last n of 16 bytes.
export const mask: usize = memory.data(272, 16);
for (let n = 0; n <= 16; n++) {
  for (let i = 0; i < 16; i++) store<u8>(mask + n * 16 + i, i >= 16 - n ? 0xff : 0);
}

/** Whether the bytes that `hexadecimal` was given last are all digits. */
export let isHexadecimal: bool = false;

/** The last `n` of 16 hexadecimal digits before `end`; `isHexadecimal` says whether they are. */
//@inline
export function hexadecimal(end: usize, n: usize): u64 {
  const keep = v128.load(mask + (n << 4));
  const text = v128.load(end - 16);
  const digits = i8x16.sub(text, i8x16.splat(48));
  const letters = i8x16.sub(v128.or(text, i8x16.splat(32)), i8x16.splat(97));
  const isDigit = i8x16.lt_u(digits, i8x16.splat(10));
  const isLetter = i8x16.lt_u(letters, i8x16.splat(6));
  isHexadecimal = !v128.any_true(v128.andnot(keep, v128.or(isDigit, isLetter)));
  const nibbles = v128.and(v128.bitselect(digits, i8x16.add(letters, i8x16.splat(10)), isDigit), keep);
  // The first of two digits is the high one; the first of eight bytes is the highest.
  const bytes = v128.and(v128.or(i16x8.shl(nibbles, 4), i16x8.shr_u(nibbles, 8)), i16x8.splat(0xff));
  const packed = i8x16.narrow_i16x8_u(bytes, bytes);
  return <u64>i64x2.extract_lane(i8x16.shuffle(packed, packed, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0);
}
