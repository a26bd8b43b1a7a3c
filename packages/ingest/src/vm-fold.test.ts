import { accessBatch, NONE } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rawAccesses } from "./raw-batch.ts";
import { VmFold } from "./vm-fold.ts";

interface Row {
  readonly vpn: number;
  readonly space: number;
  readonly ppn: number;
  readonly kind: number;
}

/** The same by maps, one row at a time. */
function model(rows: readonly Row[], captured: boolean): { pages: string[]; out: string[]; ppns: number[][]; refused: number[] } {
  const pageOf = new Map<string, number>();
  const ppnOf = new Map<number, number>();
  const times = new Map<number, [first: number, last: number]>();
  const out: string[] = [];
  const refused: number[] = [];
  rows.forEach(({ vpn, space, ppn }, time) => {
    const key = `${space}:${vpn}`;
    const known = pageOf.get(key);
    const own = captured ? (ppn === NONE ? (known === undefined ? undefined : ppnOf.get(known)) : ppn) : ppn === NONE ? NONE : undefined;
    if (own === undefined) {
      refused.push(time);
      return;
    }
    const page = known ?? pageOf.size;
    pageOf.set(key, page);
    ppnOf.set(page, own);
    const counted = captured ? own : page;
    times.set(counted, [times.get(counted)?.[0] ?? time, time]);
    out.push(`${page} ${own}`);
  });
  return { pages: [...pageOf.keys()], out, ppns: [...times].map(([ppn, [first, last]]) => [ppn, first, last]), refused };
}

test("numbers pages and PPNs, and keeps their first and last accesses, as maps would", () => {
  const row = fc.record({
    vpn: fc.oneof(fc.nat(20), fc.constantFrom(2 ** 32, 2 ** 45 - 1, 2 ** 52 - 1)),
    space: fc.constantFrom(0, 0, 7, 2 ** 40),
    ppn: fc.oneof({ weight: 4, arbitrary: fc.nat(12) }, fc.constantFrom(NONE, 0, 2 ** 32 - 2)),
    kind: fc.nat(2),
  });
  let refusals = 0;
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 1500, size: "max" }),
      fc.boolean(),
      fc.integer({ min: 1, max: 900 }),
      (given, captured, step) => {
        const rows = captured ? given : given.map((each) => ({ ...each, ppn: each.ppn === 0 ? 0 : NONE }));
        const vm = new VmFold("vm", 0);
        vm.captured = captured;
        const raw = rawAccesses(rows.length);
        const space = new Float64Array(rows.length);
        rows.forEach((each, i) => {
          raw.timeNs[i] = i;
          raw.vpnLo[i] = each.vpn % 2 ** 32;
          raw.vpnHi[i] = Math.floor(each.vpn / 2 ** 32);
          raw.ppn[i] = each.ppn;
          raw.kind[i] = each.kind;
          raw.count[i] = i + 1;
          space[i] = each.space;
        });
        raw.space = space;
        const out = accessBatch(rows.length);
        const written: string[] = [];
        const refused: number[] = [];
        for (let at = 0; at < rows.length;) {
          const to = Math.min(rows.length, at + step);
          const stopped = vm.number(raw, at, to, out, 0);
          for (let i = 0; i < stopped - at; i++) written.push(`${out.page[i]} ${out.ppn[i]}`);
          if (stopped < to) refused.push(stopped);
          at = stopped < to ? stopped + 1 : to;
        }
        const expected = model(rows, captured);
        refusals += refused.length;
        expect(written).toEqual(expected.out);
        expect(refused).toEqual(expected.refused);
        const pages = Array.from({ length: vm.pages.length }, (_, page) => `${vm.spaces[vm.pages.spaceOf(page)]}:${vm.pages.vpnOf(page)}`);
        expect(pages).toEqual(expected.pages);
        const { length, ppn, firstNs, lastNs } = vm.ppnRows();
        expect(Array.from({ length }, (_, i) => [ppn[i], firstNs[i], lastNs[i]])).toEqual(expected.ppns);
        const kept = rows.map((each, i) => ({ ...each, i })).filter(({ i }) => !expected.refused.includes(i));
        const accesses = (kind: number): number => kept.reduce((sum, each) => sum + (each.kind === kind ? each.i + 1 : 0), 0);
        expect(vm.totals()).toMatchObject({
          highestPpn: expected.ppns.length === 0 ? null : Math.max(...expected.ppns.map(([each]) => each)),
          rows: kept.length,
          reads: accesses(0),
          writes: accesses(1),
          fetches: accesses(2),
        });
      },
    ),
    { seed: 5, numRuns: 60 },
  );
  expect(refusals).toBeGreaterThan(100);
});
