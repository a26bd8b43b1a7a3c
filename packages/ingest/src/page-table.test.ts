import fc from "fast-check";
import { expect, test } from "vitest";
import { PageTable } from "./page-table.ts";

test("numbers keys in the order of first touch, like a map of strings", () => {
  const key = fc.tuple(fc.constantFrom(0, 1, 2, 0xffff_ffff, 0x8000_0000, 77), fc.constantFrom(0, 1, 0xf_ffff), fc.constantFrom(0, 1, 300));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 300, size: "max" }), (keys) => {
      const table = new PageTable();
      const model = new Map<string, number>();
      for (const [lo, hi, space] of keys) {
        const name = `${lo},${hi},${space}`;
        expect(table.find(lo, hi, space)).toBe(model.get(name) ?? -1);
        if (!model.has(name)) model.set(name, model.size);
        expect(table.pageOf(lo, hi, space)).toBe(model.get(name));
      }
      const names = [...model.keys()].map((_, page) => {
        const vpn = table.vpnOf(page);
        return `${vpn % 2 ** 32},${Math.floor(vpn / 2 ** 32)},${table.spaceOf(page)}`;
      });
      expect(names).toEqual([...model.keys()]);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("keeps every key while it grows, whatever their pattern", () => {
  for (const step of [1, 2, 64, 512, 4096, 262_144]) {
    const table = new PageTable();
    for (let i = 0; i < 50_000; i++) expect(table.pageOf((i * step) >>> 0, Math.floor((i * step) / 2 ** 32), i & 1)).toBe(i);
    for (let i = 0; i < 50_000; i += 7) expect(table.pageOf((i * step) >>> 0, Math.floor((i * step) / 2 ** 32), i & 1)).toBe(i);
    expect(table.length).toBe(50_000);
  }
});
