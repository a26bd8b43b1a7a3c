import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal, type Ingested } from "../testing.ts";
import { damonEvents } from "./damon-events.ts";

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/formats/${name}`, import.meta.url));

formatLaws(
  damonEvents,
  `       kdamond.0    76 [001] 24956.887197: damon:damon_aggregated: target_id=0 nr_regions=3 4294967296-4294975488: 3 3
       kdamond.0    76 [001] 24956.887201: damon:damon_aggregated: target_id=0 nr_regions=3 4294975488-4314054656: 0 5
       kdamond.0    76 [001] 24956.887202: damon:damon_aggregated: target_id=0 nr_regions=3 4314054656-4314058752: 1 5
`,
);

test("three snapshots of physical memory, as perf 6.1 prints them and as damo 3.3.0 reports and records them", async () => {
  // The first 512 MiB of what DAMON saw on the machine these tests were written on (perf record -e damon:damon_aggregated; nr_regions
  // adapted), and what damo made of it. Counts by
  // awk '{split($8, a, "[-:]"); if ($9 > 0) {n++; p += (a[2] - a[1]) / 4096; c += $9 * (a[2] - a[1]) / 4096}} END {print NR, n, p, c}'
  const [regions, pages, accesses] = [863, 28_207, 52_642];
  const read = await Promise.all(
    ["host.damon.perf.txt.gz", "host.damo-report.txt.gz", "host.damon.data"].map((name) => ingestFiles({ f: fixture(name) })),
  );
  for (const { manifest } of read) {
    const [vm] = manifest.vms;
    expect([vm.rows, vm.reads, vm.ppns, vm.order]).toEqual([pages, accesses, "captured", "windowed"]);
    expect(manifest.sources[0].notes).toEqual(["all regions of the first snapshot end below 2^44: taken for physical addresses"]);
  }
  const [events, report, record] = read;
  expect(events.manifest.sources[0].rows).toBe(regions);
  expect(record.manifest.sources[0].rows).toBe(regions);
  const withoutTime = ({ accesses: rows }: Ingested): string[] => rows.map((row) => row.slice(row.indexOf(" ")));
  expect(withoutTime(report)).toEqual(withoutTime(events));
  expect(withoutTime(record)).toEqual(withoutTime(events));
  // damo gives all regions of a snapshot the time of its first one.
  expect(record.accesses[0].split(" ")[0]).toBe("25070536462000");
});

const line = (us: number, target: string, from: number, to: number, accesses: number): string =>
  `  kdamond.0-76 [001] 10.00000${us}: damon_aggregated:     target_id=${target} nr_regions=2 ${from}-${to}: ${accesses} 1`;

test("targets whose addresses reach beyond 2^44 are processes, each with a space of its own", async () => {
  const stack = 0x7fff_ffff_0000;
  const { accesses, manifest } = await ingestFiles({
    f: [
      "cpus=2",
      // Its last page is not whole.
      line(1, "0", 0x401000, 0x402800, 2),
      line(1, "0", stack, stack + 4096, 5),
      line(2, "1", 0x401000, 0x402000, 7),
      "  sh-77 [001] 10.000003: sched_waking: comm=a pid=1 prio=120 target_cpu=000",
      line(4, "18446623435582458880", 0x401000, 0x402000, 1),
      "",
    ].join("\n"),
  });
  expect(accesses).toEqual([
    "10000001000 vm/0 R 0:401 0 ×2",
    "10000001000 vm/0 R 0:402 1 ×2",
    "10000001000 vm/0 R 0:7fffffff0 2 ×5",
    "10000002000 vm/0 R 1:401 3 ×7",
    // The lower 52 bits of a pointer.
    "10000004000 vm/0 R f9247bf49cc00:401 4 ×1",
  ]);
  expect(manifest.sources[0].notes[1]).toBe("not stored: 1 other events");
});

test.each([
  [line(1, "0", 0x2000, 0x1000, 1), "f:3: region 2000-1000 ends before it starts"],
  [line(1, "0", 0, 2 ** 40, 1), "f:3: region 0-10000000000 has 268435456 pages, and a region that was accessed may have 4194304: "],
  [
    line(1, "0", 2 ** 45, 2 ** 45 + 4096, 1),
    "f:3: region 200000000000-200000001000 ends beyond 2^44 bytes, and the regions before it are of physical memory",
  ],
  ["  x-1 [000] 10.000001: damon_aggregated: target_id=0", "f:3: is no event of DAMON (expected SECONDS: damon_aggregated: target_id="],
  ["hello", "f:3: is no event of DAMON (expected "],
])("refuses %j", async (bad, message) => {
  expect(
    await refusal(`${line(0, "0", 0x1000, 0x2000, 1)}\n${line(1, "0", 0x1000, 0x2000, 1)}\n${bad}\n${line(1, "0", 0x1000, 0x2000, 1)}\n`),
  ).toContain(message);
});
