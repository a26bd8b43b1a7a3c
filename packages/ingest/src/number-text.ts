/** A number of 0 … 2^64 − 1 as two halves. Reused: read it before the next parse. */
export const parsed = { hi: 0, lo: 0 };

/** Reads decimal or 0x digits (`hex`: hexadecimal without 0x too) into `parsed`; says what is wrong otherwise. */
export function parseNumber(text: string, hex: boolean): string | undefined {
  const prefixed = text.charCodeAt(0) === 48 && (text.charCodeAt(1) | 32) === 120;
  return prefixed || hex ? parseHex(text, prefixed ? 2 : 0) : parseDecimal(text);
}

function parseHex(text: string, from: number): string | undefined {
  let hi = 0;
  let lo = 0;
  let at = from;
  while (text.charCodeAt(at) === 48 && at < text.length - 1) at++;
  const tooLong = text.length - at > 16;
  if (text.length === from) return "is not hexadecimal (expected digits 0-9 a-f)";
  for (; at < text.length; at++) {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) return "is not hexadecimal (expected digits 0-9 a-f)";
    hi = (hi << 4) | (lo >>> 28);
    lo = (lo << 4) | digit;
  }
  if (tooLong) return "is more than 2^64 - 1";
  parsed.hi = hi >>> 0;
  parsed.lo = lo >>> 0;
  return undefined;
}

function parseDecimal(text: string): string | undefined {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return notDecimal(text);
    value = value * 10 + digit;
  }
  if (text.length > 15) {
    const exact = BigInt(text);
    if (exact >= 1n << 64n) return "is more than 2^64 - 1";
    parsed.hi = Number(exact >> 32n);
    parsed.lo = Number(exact & 0xffff_ffffn);
    return undefined;
  }
  parsed.hi = Math.floor(value / 2 ** 32);
  parsed.lo = value - parsed.hi * 2 ** 32;
  return undefined;
}

function notDecimal(text: string): string {
  if (/^-\s*\d/.test(text)) return "is negative (expected 0 to 2^64 - 1)";
  if (/^[0-9a-f]+$/i.test(text))
    return "is not decimal (write 0x before hexadecimal digits, or declare the column with --map COLUMN=NAME:hex)";
  if (/^\d+\.\d*$/.test(text)) return "is not a whole number";
  return "is not a number (expected decimal digits, or 0x and hexadecimal digits)";
}

/** Value of a hexadecimal digit's character code; -1 where it is none. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
