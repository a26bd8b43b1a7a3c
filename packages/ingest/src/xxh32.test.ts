import { expect, test } from "vitest";
import { Xxh32 } from "./xxh32.ts";

// xxhsum -H32: `printf %s TEXT | xxhsum -H32`
test.each([
  ["", 0x02cc5d05],
  ["a", 0x550d7456],
  ["abc", 0x32d153ff],
])("%j", (text, hash) => expect(new Xxh32().update(Buffer.from(text)).digest()).toBe(hash));

test("pieces of any size come to the same as the whole", () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) >> 3);
  const whole = new Xxh32().update(bytes).digest();
  for (const size of [1, 3, 15, 16, 17, 100]) {
    const hash = new Xxh32();
    for (let at = 0; at < bytes.length; at += size) hash.update(bytes.subarray(at, at + size));
    expect([size, hash.digest()]).toEqual([size, whole]);
  }
});
