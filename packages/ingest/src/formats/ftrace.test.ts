import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { ftrace } from "./ftrace.ts";

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/formats/${name}`, import.meta.url));

formatLaws(
  ftrace,
  `# tracer: nop
           touch-9501    [000] ..... 24673.526634: mm_page_alloc: page=00000000f0af1af2 pfn=0x1ed63e order=0 migratetype=0 gfp_flags=GFP_KERNEL
           touch-9501    [001] d.... 24673.527994: page_fault_user: address=0x4014f0 ip=0x4014f0 error_code=0x14
           touch-9501    [000] ..... 24673.528879: mm_page_free: page=00000000f0af1af2 pfn=0x1ed63e order=0
`,
);

for (const [name, what] of [
  ["touch.ftrace.txt.gz", "Linux 6.18"],
  ["touch.trace-cmd.txt.gz", "trace-cmd 3.1.6"],
]) {
  test(`the same events of touch.c as ${what} prints them`, async () => {
    // Both were read from one buffer: cat trace, and trace-cmd extract, report. Counts of either by
    // awk '/mm_page_alloc:/ {a++} /mm_page_free:/ {f++} /sched_switch:/ {s++}
    //   /page_fault_/ {split($0, x, "address=| ip="); p[substr(x[2], 1, length(x[2]) - 3)]; if (/0x1.$/) i++; else if (/[2367]$/) w++; else r++}
    //   /: +[a-z_]+:/ {n++} END {print n, a, f, s, r, w, i, length(p)}'
    const [lines, allocs, frees, switches, reads, writes, fetches, pages] = [423, 94, 107, 1, 14, 72, 8, 84];
    const { manifest, guest } = await ingestFiles({ f: fixture(name) });
    const [vm] = manifest.vms;
    expect([manifest.sources[0].rows, vm.reads, vm.writes, vm.fetches, vm.virtualPages]).toEqual([lines, reads, writes, fetches, pages]);
    expect(guest.map((event) => event.split(" ")[2])).toEqual(Array.from({ length: switches }, () => "switch"));
    expect(manifest.sources[0].notes).toEqual([
      `not stored: ${lines - allocs - frees - switches - reads - writes - fetches} rss_stat`,
      `not stored: ${allocs + frees} allocator events, for the accesses beside them do not say in which physical pages they are`,
    ]);
  });
}

test("both tell the same rows", async () => {
  const [a, b] = [await ingestFiles({ f: fixture("touch.ftrace.txt.gz") }), await ingestFiles({ f: fixture("touch.trace-cmd.txt.gz") })];
  expect(a.accesses).toEqual(b.accesses);
  expect(a.guest).toEqual(b.guest);
});

test("threads of a process share its address space, where the trace says which they are", async () => {
  const fault = (head: string, us: number): string =>
    ` ${head} [001] d.... 1.00000${us}: page_fault_user: address=0x1000 ip=0x1 error_code=0x4`;
  const named = await ingestFiles({ f: `${fault("x-40  (   40)", 0)}\n${fault("x-41  (   40)", 1)}\n` });
  expect(named.accesses).toEqual(["1000000000 vm/1 R 28:1 0 ×1", "1000001000 vm/1 R 28:1 0 ×1"]);
  expect(named.manifest.synthesised).toEqual(["page faults only: an access to a page that is mapped already is not there"]);
  const later = await ingestFiles({ f: `${fault("x-41  (-------)", 0)}\n${fault("x-41  (   40)", 1)}\n${fault("y-41  (   41)", 2)}\n` });
  expect(later.accesses.map((row) => row.split(" ")[3])).toEqual(["29:1", "28:1", "29:1"]);
  const unnamed = await ingestFiles({ f: `${fault("x-40", 0)}\n${fault("x-41", 1)}\n` });
  expect(unnamed.accesses).toEqual(["1000000000 vm/1 R 28:1 0 ×1", "1000001000 vm/1 R 29:1 1 ×1"]);
  expect(unnamed.manifest.synthesised[0]).toBe("threads for address spaces: nothing says which process a thread is of");
});

test("heads: with the process, without flags, in nanoseconds, of a task whose name is gone", async () => {
  const event = "mm_page_free: page=0x5 pfn=0x5 order=0";
  const { guest } = await ingestFiles({
    f: [
      "cpus=2",
      "version = 6",
      "CPU 1 is empty",
      `           <...>-102481 [006] ..... 99141.640633: ${event}`,
      `           touch-10086   (  10086) [001] d..2. 99141.640634: ${event}`,
      `           touch-10086   (-------) [001] ....  99141.640635: ${event}`,
      `    CPU 0/KVM-10086 [001] 99141.640636007: ${event}`,
      `          <idle>-0     [001] d.h2. 99141.640637: ${event}`,
      `    a-1 [7] x-33  [001]  99141.640638: ${event}`,
      "",
    ].join("\n"),
  });
  expect(guest.map((row) => row.split(" ").slice(0, 2).join(" "))).toEqual([
    "99141640633000 vm/6",
    "99141640634000 vm/1",
    "99141640635000 vm/1",
    "99141640636007 vm/1",
    "99141640637000 vm/1",
    "99141640638000 vm/1",
  ]);
});

test("VMs of KVM, by the thread of their vCPU", async () => {
  const line = (comm: string, us: number): string => `       ${comm} [000] d.... 9.00000${us}: kvm_page_fault: address 7000 error_code 181`;
  const { accesses } = await ingestFiles({ f: `${line("CPU 3/KVM-101", 0)}\n` });
  expect(accesses).toEqual(["9000000000 vm/3 R 0:7 7 ×1"]);
  expect(await refusal(`${line("CPU 3/KVM-101", 0)}\n${line("CPU 3/KVM-201", 1)}\n`)).toContain("threads 101 and 201 both ran a vCPU 3");
});

test("the same guest as perf tells of in kvm-guest.perf.txt.gz, in another run, recorded with trace-cmd 3.1.6", async () => {
  // The counts of perf-script.test.ts, by the same awk.
  const { manifest, accesses } = await ingestFiles({ f: fixture("kvm-guest.trace-cmd.txt.gz") });
  expect([manifest.vms.length, manifest.vms[0].rows, manifest.vms[0].guestPhysicalPages]).toEqual([1, 49, 49]);
  const perf = await ingestFiles({ f: fixture("kvm-guest.perf.txt.gz") });
  const pages = (rows: readonly string[]): string[] => rows.map((row) => row.split(" ").slice(2).join(" "));
  expect(pages(accesses)).toEqual(pages(perf.accesses));
  expect(manifest.sources[0].notes).toEqual(["not stored: 49 kvm_mmu_set_spte; 2 kvm_userspace_exit"]);
});

test("says how many events were lost", async () => {
  const event = " x-1 [000] 1.000000: mm_page_free: page=0x5 pfn=0x5 order=0";
  const text = `# entries-in-buffer/entries-written: 1/6   #P:2\n${event}\nCPU:0 [LOST 12 EVENTS]\nCPU:1 [7 EVENTS DROPPED]\nCPU:1 [EVENTS DROPPED]\n`;
  const { manifest } = await ingestFiles({ f: text });
  expect(manifest.sources[0].notes).toEqual(["25 events or more were lost while tracing: raise the size of the buffers"]);
  expect(manifest.sources[0].rows).toBe(1);
});

test("refuses another line, and goes on where it may", async () => {
  const event = " x-1 [000] 1.000000: mm_page_free: page=0x5 pfn=0x5 order=0";
  const text = `${event}\n x-1 [000] 123456789: mm_page_free: page=0x5 pfn=0x5 order=0\n${event}\n`;
  expect(await refusal(text)).toBe("f:2: is no event of ftrace or trace-cmd report (expected TASK-PID [CPU] SECONDS: EVENT: …)");
  expect((await ingestFiles({ f: text }, { badRows: "skip" })).guest).toHaveLength(2);
});
