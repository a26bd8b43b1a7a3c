import { GUEST_KINDS, type AccessBatch, type GuestBatch } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createFeed, type Feed, type Player } from "./feed.ts";
import { touchesOf, traceOf, type HandWritten, type Told, type Touch } from "./testing.ts";

/** Notes every row that it is given: accesses as `10 v0 5`, guest events as `10 v0 alloc 5`; time in seconds, PPN last. */
function notes() {
  const played: string[] = [];
  const observed: string[] = [];
  const access = ({ timeNs, vm, ppn }: AccessBatch, i: number): string => `${timeNs[i] / 1e9} v${vm[i]} ${ppn[i]}`;
  const event = ({ timeNs, vm, kind, ppn }: GuestBatch, i: number): string =>
    `${timeNs[i] / 1e9} v${vm[i]} ${GUEST_KINDS[kind[i]]} ${ppn[i]}`;
  const each = <B>(batch: B, from: number, to: number, note: (batch: B, i: number) => string): string[] => {
    expect(to, "a stretch has rows").toBeGreaterThan(from);
    return Array.from({ length: to - from }, (_, k) => note(batch, from + k));
  };
  const player: Player = {
    accesses: (batch, from, to) => void played.push(...each(batch, from, to, access)),
    guestEvents: (batch, from, to) => void played.push(...each(batch, from, to, event)),
    observed: (batch, from, to) => void observed.push(...each(batch, from, to, access)),
  };
  return { player, played, observed };
}

async function play(written: HandWritten, untils: readonly number[], hostVm?: readonly number[]) {
  const { player, played, observed } = notes();
  const feed = createFeed(traceOf(written), hostVm ?? (written.vms ?? ["vm"]).map((_, v) => v), player);
  const atTick: string[][] = [];
  for (const untilS of untils) {
    const before = played.length;
    await feed.advance(untilS * 1e9);
    atTick.push(played.slice(before));
  }
  await feed.close();
  return { atTick, played, observed, rows: feed.rows() };
}

test("plays accesses and guest events in order of time, guest events first at equal times, up to and with the instant", async () => {
  const written: HandWritten = {
    touches: touchesOf("1 0 W · 2 1 W · 2 2 R · 4 3 W · 5 4 W"),
    told: [
      { s: 0.5, event: "alloc", ppn: 90 },
      { s: 2, event: "alloc", ppn: 91 },
      { s: 3, event: "free", ppn: 92 },
      { s: 3, event: "alloc", ppn: 93 },
      { s: 5, event: "free", ppn: 94 },
      { s: 9, event: "mark" },
    ],
  };
  for (const batchRows of [1, 2, 3, 65_536]) {
    const { atTick, observed, rows } = await play({ ...written, batchRows }, [0, 1, 2, 4.5, 5, 9]);
    expect(atTick).toEqual([
      [],
      ["0.5 v0 alloc 90", "1 v0 0"],
      ["2 v0 alloc 91", "2 v0 1", "2 v0 2"],
      ["3 v0 free 92", "3 v0 alloc 93", "4 v0 3"],
      ["5 v0 free 94", "5 v0 4"],
      [`9 v0 mark ${0xffff_ffff}`],
    ]);
    expect(observed).toEqual(["1 v0 0", "2 v0 1", "2 v0 2", "4 v0 3", "5 v0 4"]);
    expect(rows).toBe(5);
  }
});

test("a batch that ends before a guest event does not let the event overtake the next batch", async () => {
  const { played } = await play(
    { batchRows: 2, touches: touchesOf("1 0 W · 2 1 W · 3 2 W · 4 3 W"), told: [{ s: 3.5, event: "alloc", ppn: 9 }] },
    [10],
  );
  expect(played).toEqual(["1 v0 0", "2 v0 1", "3 v0 2", "3.5 v0 alloc 9", "4 v0 3"]);
});

const touch = fc.record({ s: fc.nat(20), ppn: fc.nat(5), op: fc.constant("R" as const), vm: fc.nat(2) });
const told = fc.record({ s: fc.nat(20), event: fc.constantFrom("alloc" as const, "free" as const), ppn: fc.nat(5), vm: fc.nat(2) });
const byTime = <T extends { readonly s: number }>(rows: readonly T[]): T[] => [...rows].sort((a, b) => a.s - b.s);

test("equals a merge of all rows, whatever the batches, the instants and the VMs that take part", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(touch, { maxLength: 30, size: "max" }),
      fc.array(told, { maxLength: 30, size: "max" }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom([0, 1, 2], [0, -1, 1], [-1, -1, 0], [2, 0, 1], [-1, -1, -1]),
      fc.array(fc.nat(22), { maxLength: 4 }),
      async (touches, tolds, batchRows, hostVm, instants) => {
        const written: HandWritten = { vms: ["a", "b", "c"], touches: byTime(touches), told: byTime(tolds), batchRows };
        const slow = byTime([
          ...byTime(tolds).map(({ s, vm, event, ppn }) => ({ s, host: hostVm[vm], text: `${s} v${hostVm[vm]} ${event} ${ppn}` })),
          ...byTime(touches).map(({ s, vm, ppn }) => ({ s, host: hostVm[vm], text: `${s} v${hostVm[vm]} ${ppn}` })),
        ]).filter(({ host }) => host >= 0);
        const untils = [...instants, 30].sort((a, b) => a - b);
        const { atTick, observed, rows } = await play(written, untils, hostVm);
        expect(atTick).toEqual(
          untils.map((untilS, k) => slow.filter(({ s }) => s <= untilS && s > (untils[k - 1] ?? -1)).map(({ text }) => text)),
        );
        const accesses = slow.map(({ text }) => text).filter((text) => !/alloc|free/.test(text));
        expect(observed).toEqual(accesses);
        expect(rows).toBe(accesses.length);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test("every column of the rows that take part is kept", async () => {
  const touches: Touch[] = [
    { s: 1, vm: 0, ppn: 7, op: "W", count: 3 },
    { s: 2, vm: 1, ppn: 8, op: "X", vpn: 5, space: 4, count: 9 },
  ];
  const tolds: Told[] = [
    { s: 1, vm: 0, event: "alloc", ppn: 7 },
    { s: 2, vm: 1, event: "alloc", ppn: 8, pages: 4, pid: 77, gfp: 0x108, value: 3 },
  ];
  const copies: (AccessBatch | GuestBatch)[] = [];
  const copy = (batch: AccessBatch | GuestBatch, from: number, to: number): void =>
    void copies.push(structuredClone({ ...batch, length: to - from }));
  const feed = createFeed(traceOf({ vms: ["a", "b"], touches, told: tolds }), [-1, 0], {
    accesses: copy,
    guestEvents: copy,
    observed: () => {},
  });
  await feed.advance(9e9);
  const row = (batch: AccessBatch | GuestBatch | undefined) =>
    Object.fromEntries(
      Object.entries(batch ?? {}).map(([name, column]) => [name, typeof column === "number" ? column : Number(column[0])]),
    );
  expect(row(copies[0])).toEqual({
    length: 1,
    timeNs: 2e9,
    vm: 0,
    vcpu: 0,
    kind: 0,
    space: 0,
    vpn: NaN,
    ppn: 8,
    count: 4,
    value: 3,
    pid: 77,
    gfp: 0x108,
    migratetype: 0xff,
    level: 0xff,
  });
  expect(row(copies[1])).toEqual({ length: 1, timeNs: 2e9, vm: 0, vcpu: 0, kind: 2, page: 0, ppn: 8, count: 9 });
  expect(copies.length).toBe(2);
});

test("feeds of one trace do not disturb each other, nor does closing one early", async () => {
  const written: HandWritten = {
    vms: ["a", "b"],
    touches: touchesOf("1 0 W · 2 1 W · 3 2 W").flatMap((t) => [t, { ...t, vm: 1 }]),
    batchRows: 2,
  };
  const trace = traceOf(written);
  const [first, second] = [notes(), notes()];
  const feeds: Feed[] = [createFeed(trace, [0, -1], first.player), createFeed(trace, [1, 0], second.player)];
  for (const until of [1, 2]) for (const feed of feeds) await feed.advance(until * 1e9);
  await feeds[0].close();
  await feeds[1].advance(3e9);
  expect(first.played).toEqual(["1 v0 0", "2 v0 1"]);
  expect(second.played).toEqual(["1 v1 0", "1 v0 0", "2 v1 1", "2 v0 1", "3 v1 2", "3 v0 2"]);
  expect(feeds.map((feed) => feed.rows())).toEqual([2, 6]);
});
