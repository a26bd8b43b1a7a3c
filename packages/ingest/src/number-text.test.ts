import fc from "fast-check";
import { expect, test } from "vitest";
import { parsed, parseNumber } from "./number-text.ts";
import { parseTimeCell } from "./time-cell.ts";

const valueOf = (text: string, hex = false): bigint | string => parseNumber(text, hex) ?? (BigInt(parsed.hi) << 32n) | BigInt(parsed.lo);

test("reads 64 bits exactly, in both notations, and no more", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(4), (n, zeros) => {
      expect(valueOf("0".repeat(zeros) + n.toString())).toBe(n);
      expect(valueOf(`0x${"0".repeat(zeros)}${n.toString(16)}`)).toBe(n);
      expect(valueOf(n.toString(16).toUpperCase(), true)).toBe(n);
      expect(valueOf((n + 2n ** 64n).toString())).toBe("is more than 2^64 - 1");
      expect(valueOf(`0x${(n + 2n ** 64n).toString(16)}`)).toBe("is more than 2^64 - 1");
    }),
    { seed: 1 },
  );
});

test("times convert exactly to ns, and digits below a nanosecond are cut off", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.nat(999_999_999), fc.nat(99), (seconds, ns, below) => {
      if (seconds > 9_000_000) seconds %= 9_000_000;
      const exact = seconds * 1e9 + ns;
      const nine = ns.toString().padStart(9, "0");
      expect(parseTimeCell(`${seconds}.${nine}${below}`, 1e9, 0)).toBe(exact);
      expect(parseTimeCell(`${seconds}${nine.slice(0, 3)}.${nine.slice(3)}ms`, 1, 0)).toBe(exact);
      expect(parseTimeCell(`${seconds}.${nine}e6`, 1e3, 0)).toBe(exact);
      expect(parseTimeCell(String(exact), 1, 0)).toBe(exact);
      expect(parseTimeCell((BigInt(exact) + 1_700_000_000_000_000_000n).toString(), 1, 1.7e18)).toBe(exact);
    }),
    { seed: 1 },
  );
});
