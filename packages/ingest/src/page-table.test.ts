import { sfc32 } from "@tidemark/data/shapes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PageTable } from "./page-table.ts";

test("numbers keys in the order of first touch, like a map of strings", () => {
  const key = fc.tuple(
    fc.constantFrom(0, 1, 7, 8, 0xffff_ffff, 0xffff_fff8, 0x8000_0000, 76, 77),
    fc.constantFrom(0, 1, 0xf_ffff),
    fc.constantFrom(0, 1, 300),
  );
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
    for (let i = 0; i < 50_000; i++) table.times[2 * i] = i;
    expect(table.pageOf(1, 2, 3)).toBe(50_000);
    for (let i = 0; i < 50_000; i += 7) {
      expect(table.pageOf((i * step) >>> 0, Math.floor((i * step) / 2 ** 32), i & 1)).toBe(i);
      expect([table.vpnOf(i), table.spaceOf(i), table.times[2 * i]]).toEqual([i * step, i & 1, i]);
    }
    expect(table.length).toBe(50_001);
  }
});

test("many keys at a time are numbered as one by one: few VPNs in very many spaces, many in few, many that differ in their upper half alone", () => {
  for (const [vpns, uppers, spaceCount] of [
    [40, 2, 2000],
    [2000, 2, 3],
    [1, 50_000, 1],
  ]) {
    const rows = 20_000;
    const random = sfc32(1, 2, vpns);
    const draw = (below: number): number => Math.floor(random() * below);
    const lo = Uint32Array.from({ length: rows }, () => 0xffff_fff0 + draw(vpns));
    const hi = Uint32Array.from({ length: rows }, () => draw(uppers));
    const spaces = Int32Array.from({ length: rows }, () => draw(spaceCount));
    const [many, single] = [new PageTable(), new PageTable()];
    const out = new Uint32Array(rows);
    for (let at = 0; at < rows; at += 500) many.pagesOf(lo, hi, spaces.subarray(at, at + 500), at, at + 500, out, at);
    expect(out).toEqual(Uint32Array.from(lo, (vpn, i) => single.pageOf(vpn, hi[i], spaces[i])));
    expect(many.length).toBe(single.length);
  }
});
