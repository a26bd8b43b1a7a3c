import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { perfScript } from "./perf-script.ts";

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/formats/${name}`, import.meta.url));

formatLaws(
  perfScript,
  `           touch  6774 [000] 24430.860412:           kmem:mm_page_alloc: page=0x12b39c pfn=0x12b39c order=0 migratetype=0 gfp_flags=GFP_KERNEL|__GFP_COMP
           touch  6774 [001] 24430.860437:   exceptions:page_fault_user: address=0x4a7130 ip=0x401610 error_code=0x6
           touch  6774 [001] 24430.861000:            kmem:mm_page_free: page=0x12b39c pfn=0x12b39c order=0
`,
);

/** Everything but the time. */
const told = (rows: readonly string[]): string[] => rows.map((row) => row.slice(row.indexOf(" ") + 1));

test("tracepoints of a program that writes 64 pages, gives them back and reads 8, recorded with perf 6.1 on Linux 6.18", async () => {
  // perf record -e kmem:mm_page_alloc,kmem:mm_page_free,kmem:rss_stat,exceptions:page_fault_user,exceptions:page_fault_kernel ./touch; counts by
  // awk '/mm_page_alloc:/ {a++} /mm_page_free:/ {f++}
  //   /page_fault_/ {split($0, x, "address=| ip="); p[substr(x[2], 1, length(x[2]) - 3)]; if (/0x1.$/) i++; else if (/[2367]$/) w++; else r++}
  //   END {print NR, a, f, r, w, i, length(p)}'
  const [lines, allocs, frees, reads, writes, fetches, pages] = [321, 85, 46, 15, 75, 8, 88];
  const { manifest, accesses } = await ingestFiles({ f: fixture("touch.perf.txt.gz") });
  const [vm] = manifest.vms;
  expect([manifest.sources[0].rows, vm.reads, vm.writes, vm.fetches, vm.virtualPages]).toEqual([lines, reads, writes, fetches, pages]);
  expect(manifest.sources[0].notes).toEqual([
    "not stored: 92 kmem:rss_stat",
    `not stored: ${allocs + frees} allocator events, for the accesses beside them do not say in which physical pages they are`,
  ]);
  expect(manifest.captured).toEqual(["accesses"]);
  // The program's 64 writes, one after the other.
  const first = accesses.findIndex((row) => row.includes("7fccbcf84 "));
  expect(accesses.slice(first, first + 64).every((row) => / W 1a76:7fccbcf[89abc]/.test(row))).toBe(true);
});

test("page faults with physical addresses, and the allocator's events beside them, of the same program", async () => {
  // perf record -e kmem:mm_page_alloc,kmem:mm_page_free -e minor-faults -d --phys-data -c 1 ./touch
  // perf script -F trace:comm,pid,tid,cpu,time,event,trace -F sw:comm,pid,tid,cpu,time,event,addr,ip,sym,phys_addr; counts by
  // awk '/mm_page_alloc:/ {a++} /mm_page_free:/ {f++} /minor-faults:/ {for (i = 1; i <= NF; i++) if ($i == "minor-faults:") va = $(i + 1);
  //   if ($NF == "0") z++; else {n++; v[substr(va, 1, length(va) - 3)]; q[substr($NF, 1, length($NF) - 3)]}}
  //   END {print a, f, n, z, length(v), length(q)}'
  const [allocs, frees, placed, unplaced, virtual, physical] = [261, 53, 88, 10, 87, 87];
  const { manifest, guest } = await ingestFiles({ f: fixture("touch-faults.perf.txt.gz") });
  const [vm] = manifest.vms;
  expect([vm.rows, vm.virtualPages, vm.guestPhysicalPages, vm.ppns]).toEqual([placed, virtual, physical, "captured"]);
  expect(["alloc", "free"].map((kind) => guest.filter((event) => event.includes(` ${kind} `)).length)).toEqual([allocs, frees]);
  expect(manifest.sources[0].notes).toEqual([`not stored: ${unplaced} minor-faults whose physical address is 0 or beyond 2^44`]);
  expect(manifest.synthesised).toEqual([
    "page faults only: an access to a page that is mapped already is not there; each counts as a read, for perf does not say whether it wrote",
  ]);
});

test("without physical addresses of accesses there is nothing that allocator events could be told of", async () => {
  const alloc = (us: number): string =>
    `  x 7 [000] 1.00000${us}: kmem:mm_page_alloc: page=0x5 pfn=0x5 order=0 migratetype=1 gfp_flags=GFP_KERNEL`;
  const fault = "  x 7 [000] 1.000002: exceptions:page_fault_user: address=0x1000 ip=0x1 error_code=0x4";
  const both = await ingestFiles({ f: `${alloc(1)}\n${fault}\n${alloc(3)}\n` });
  expect([both.accesses.length, both.guest.length]).toEqual([1, 0]);
  expect(both.manifest.captured).toEqual(["accesses"]);
  expect(both.manifest.sources[0].notes).toEqual([
    "not stored: 2 allocator events, for the accesses beside them do not say in which physical pages they are",
  ]);
  const alone = await ingestFiles({ f: `${alloc(1)}\n${alloc(3)}\n` });
  expect([alone.guest.length, alone.manifest.captured]).toEqual([2, ["allocator events"]]);
  // Read in several pieces.
  const late = await ingestFiles({ f: `${`${alloc(1)}\n`.repeat(20_000)}${fault}\n` });
  expect([late.guest.length, late.accesses.length]).toEqual([0, 1]);
  // More than are held: the first access comes too late to decide.
  const many = await ingestFiles({ f: `${`${alloc(1)}\n`.repeat(70_000)}${fault}\n` });
  expect([many.guest.length, many.accesses.length]).toEqual([70_000, 0]);
  expect(many.manifest.sources[0].notes).toEqual([
    "not stored: 1 exceptions:page_fault_user, without a physical address, where other events have one",
  ]);
});

test("memory samples: the operation, the address, the physical page, whatever else is printed", async () => {
  const DATA = "5080184 |OP LOAD|LVL L1 hit|SNP None|TLB L1 or L2 hit|LCK No|BLK  N/A";
  const { accesses, manifest } = await ingestFiles({
    f: [
      // The layout is that of the sample above; operations and sources as tools/perf/util/mem-events.c writes them.
      `            mcf   900/901   [003] 10.000001:          1 cpu/mem-loads,ldlat=30/P:     7f0000001008 [unknown] ([heap])          ${DATA}              37           401136 main+0x26 (/bin/mcf)        123456008 4K 4K`,
      `            mcf   900/901   [003] 10.000002:          1       cpu/mem-stores/P:     7f0000002010 [unknown] ([heap])          ${DATA.replace("LOAD", "STORE")}               0           401136 main+0x26 (/bin/mcf)        123457010 2M 4K`,
      `            mcf   900/901   [003] 10.000003:          1       cpu/mem-stores/P:     7f0000002018                  123457018`,
      `            mcf   900/901   [003] 10.000004:          1 cpu/mem-loads/P: ffff888000002018                  123458018`,
      `            mcf   900/901   [003] 10.000004:          1 cpu/mem-any/P:           401140          ${DATA.replace("LOAD", "EXEC")}              37           401140        123459140`,
      `            mcf   900/901   [003] 10.000005:          1 cycles:  ffffffff8175336a elf_load+0x28a ([kernel.kallsyms])`,
      `            mcf   900/901   [003] 10.000006:          1 cpu/mem-loads/P:     7f0000003018                          0`,
      "",
    ].join("\n"),
  });
  expect(accesses).toEqual([
    "10000001000 vm/3 R 384:7f0000001 123456 ×1",
    "10000002000 vm/3 W 384:7f0000002 123457 ×1",
    "10000003000 vm/3 W 384:7f0000002 123457 ×1",
    "10000004000 vm/3 R 0:ffff888000002 123458 ×1",
    "10000004000 vm/3 X 384:401 123459 ×1",
  ]);
  expect(manifest.synthesised).toEqual(["sampled accesses: most accesses are not there, and pages between two samples are missed"]);
  expect(manifest.sources[0].notes[0]).toContain("1 cycles without an address");
});

test("a symbol that looks like a number is no physical address", async () => {
  const { manifest } = await ingestFiles({ f: "  mcf   900/901   [003] 10.000001: page-faults:     7f0000001008 deadbeef\n" });
  expect(manifest.vms[0].ppns).toBe("synthesised");
});

test("a weight in the last column is no physical address", async () => {
  const { accesses, manifest } = await ingestFiles({
    f: "  mcf   900/901   [003] 10.000001: cpu/mem-loads/P:     7f0000001008          5080184 |OP LOAD|LVL L1 hit|SNP None|TLB N/A|LCK No|BLK  N/A             537\n",
  });
  expect(accesses).toEqual(["10000001000 vm/3 R 384:7f0000001 0 ×1"]);
  expect(manifest.vms[0].ppns).toBe("synthesised");
});

test("three generations of kvm_page_fault, and the bits of Intel and of AMD", async () => {
  const head = (us: number): string => `       CPU 1/KVM 27441 [000] 9.00000${us}: kvm:kvm_page_fault: `;
  const { accesses, manifest } = await ingestFiles({
    f: [
      `${head(0)}address fd000 error_code 182`,
      `${head(1)}vcpu 1 rip 0x401000 address 0x5000 error_code 0x184`,
      `${head(2)}vcpu 1 rip 0xffffffff81000000 address 0x0000000001a2b000 error_code 0x181`,
      `${head(3)}vcpu 1 rip 0x401000 address 0x0000000001a2c000 error_code 0x100000014`,
      `${head(4)}vcpu 1 rip 0x401000 address 0x0000000001a2d000 error_code 0x100000004`,
      `${head(5)}vcpu 1 rip 0x401000 address 0x0000000001a2d000 error_code 0x100000006`,
      `${head(6)}vcpu 1 rip 0x401000 address 0x0000380000001000 error_code 0x182`,
      "",
    ].join("\n"),
  });
  expect(told(accesses)).toEqual([
    "vm/1 W 0:fd fd ×1",
    "vm/1 X 0:5 5 ×1",
    "vm/1 R 0:1a2b 1a2b ×1",
    "vm/1 X 0:1a2c 1a2c ×1",
    "vm/1 R 0:1a2d 1a2d ×1",
    "vm/1 W 0:1a2d 1a2d ×1",
  ]);
  expect(manifest.vms[0].ppns).toBe("captured");
  expect(manifest.synthesised).toEqual(["faults in the hypervisor's tables only: an access to a page that these map already is not there"]);
});

test("what KVM's MMU says of a fault told before is not counted again", async () => {
  const head = (us: number, event: string): string => `       CPU 0/KVM 100/101 [000] 9.00000${us}: ${event}: `;
  const { accesses, guest, manifest } = await ingestFiles({
    f: [
      `${head(0, "kvm:kvm_page_fault")}vcpu 0 rip 0x401000 address 0x0000000000007000 error_code 0x182`,
      `${head(1, "kvmmmu:kvm_mmu_spte_requested")}gfn 7 pfn 123456 level 1`,
      `${head(1, "kvmmmu:kvm_mmu_set_spte")}gfn 7 spte 8600000123456b77 (rwxu) level 1 at 123000`,
      `${head(2, "kvmmmu:fast_page_fault")}vcpu 0 gva 8000 error_code P|W|U sptep 00000000c0ffee00 old 0x8600000123456b75 new 8600000123456b77 spurious 0 fixed 1`,
      `${head(3, "kvmmmu:kvm_mmu_spte_requested")}gfn 9 pfn 123457 level 1`,
      `${head(4, "kvm:kvm_cr")}cr_write 3 = 0x1b2c003`,
      `${head(4, "kvm:kvm_cr")}cr_write 0 = 0x80050033`,
      "",
      "",
    ].join("\n"),
  });
  expect(told(accesses)).toEqual(["kvm-100/0 W 0:7 7 ×1", "kvm-100/0 W 0:8 8 ×1", "kvm-100/0 R 0:9 9 ×1"]);
  expect(told(guest)).toEqual(["kvm-100/0 switch space 1b2c000"]);
  expect(manifest.sources[0].notes).toEqual([
    "not stored: 1 kvm:kvm_cr, other control registers; 1 kvmmmu:kvm_mmu_set_spte; 1 kvmmmu:kvm_mmu_spte_requested, more on a fault told before",
  ]);
});

test("what KVM says of a guest that writes 32 pages and reads 16, recorded with perf 6.1 on Linux 6.18, where KVM shadows page tables", async () => {
  // awk '/kvm_mmu_spte_requested:/ {for (i = 1; i < NF; i++) if ($i == "gfn") {n++; p[$(i + 1)]++}} /kvm_mmu_set_spte:/ {s++} /kvm_userspace_exit:/ {u++}
  //   END {for (g in p) {if (g ~ /^4[01].$/) w++; else if (g ~ /^80.$/) r++} print n, length(p), w, r, s, u}'; the one left is the guest's code
  const [requested, pages, writtenPages, readPages, set, exits] = [49, 49, 32, 16, 49, 2];
  const { manifest, accesses } = await ingestFiles({ f: fixture("kvm-guest.perf.txt.gz") });
  const [vm] = manifest.vms;
  expect([vm.name, vm.rows, vm.guestPhysicalPages, vm.ppns]).toEqual(["kvm-15363", requested, pages, "captured"]);
  const within = (first: number, last: number): number =>
    new Set(accesses.map((row) => parseInt(row.split(" ")[4], 16)).filter((ppn) => ppn >= first && ppn <= last)).size;
  expect([within(0x400, 0x41f), within(0x800, 0x80f), within(0xf0, 0xf0)]).toEqual([writtenPages, readPages, 1]);
  expect(manifest.sources[0].notes).toEqual([`not stored: ${set} kvmmmu:kvm_mmu_set_spte; ${exits} kvm:kvm_userspace_exit`]);
  expect(manifest.synthesised).toEqual([
    "faults in the hypervisor's tables only: an access to a page that these map already is not there; those that kvm_mmu_spte_requested alone tells of count as reads",
  ]);
});

test("VMs by their process; without it, two threads of one vCPU are refused", async () => {
  const line = (thread: string, us: number): string =>
    `       CPU 0/KVM ${thread} [000] 9.00000${us}: kvm:kvm_page_fault: vcpu 0 rip 0x1 address 0x0000000000007000 error_code 0x181`;
  expect(told((await ingestFiles({ f: `${line("100/101", 0)}\n${line("200/201", 1)}\n` })).accesses)).toEqual([
    "kvm-100/0 R 0:7 7 ×1",
    "kvm-200/0 R 0:7 7 ×1",
  ]);
  expect(await refusal(`${line("101", 0)}\n${line("201", 1)}\n`)).toBe(
    "f:2: kvm:kvm_page_fault: threads 101 and 201 both ran a vCPU 0, so there are several VMs; tell them apart with perf script -F +pid",
  );
});

test("events of a guest that perf has merged are that guest's", async () => {
  const { accesses, guest } = await ingestFiles({
    f: `VM: 13376 VCPU:002             touch   404/404   [000] 9.000001: exceptions:page_fault_user: address=0x401000 ip=0x401000 error_code=0x14
VM: 13377 VCPU:001             touch   404/404   [000] 9.000002: kmem:mm_page_alloc: page=0x7 pfn=0x7 order=1 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE|__GFP_ZERO
`,
  });
  expect(told(accesses)).toEqual(["kvm-13376/2 X 194:401 0 ×1"]);
  expect(told(guest)).toEqual(["kvm-13377/1 alloc ppn 7+2 pid 404 gfp 100dca type 1"]);
});

test("page numbers in decimal, as older kernels print them; allocations that fail", async () => {
  const { guest, manifest } = await ingestFiles({
    f: `  x 7 [000] 1.000000: kmem:mm_page_alloc: page=0xffffea0000048d00 pfn=74548 order=2 migratetype=0 gfp_flags=GFP_KERNEL
  x 7 [000] 1.000001: kmem:mm_page_alloc: page=(nil) pfn=0 order=9 migratetype=1 gfp_flags=GFP_TRANSHUGE_LIGHT
  x 7 [000] 1.000002: kmem:mm_page_free: page=0xffffea0000048d00 pfn=74548 order=2
`,
  });
  expect(told(guest)).toEqual(["vm/0 alloc ppn 12334+4 pid 7 gfp cc0 type 0", "vm/0 free ppn 12334+4"]);
  expect(manifest.sources[0].notes).toEqual(["not stored: 1 kmem:mm_page_alloc, failed allocations"]);
});

test("a switch of threads is one of address spaces, where the trace is about the machine itself", async () => {
  const line = (us: number, event: string): string => `  x  40/41  [001] 1.00000${us}: ${event}`;
  const { guest, manifest } = await ingestFiles({
    f: [
      line(0, "sched:sched_switch: prev_comm=x prev_pid=41 prev_prio=120 prev_state=S ==> next_comm=y z next_pid=50 next_prio=120"),
      line(1, "kmem:mm_page_free: page=0x5 pfn=0x5 order=0"),
      line(2, "sched:sched_switch: prev_comm=y prev_pid=50 prev_prio=120 prev_state=R+ ==> next_comm=x next_pid=41 next_prio=120"),
      "",
      "",
    ].join("\n"),
  });
  expect(told(guest)).toEqual(["vm/1 free ppn 5+1", "vm/1 switch space 28"]);
  expect(manifest.sources[0].notes).toEqual(["not stored: 1 sched:sched_switch"]);
  expect(manifest.synthesised).toEqual([]);
});

test("call chains are passed over", async () => {
  const { manifest } = await ingestFiles({
    f: "ls 23813 23767.741353: 1 minor-faults:     56463d9a35c0 __progname\n\tffffffff8175336a elf_load\n\t    7fed67cf2ad7 [unknown]\n\n",
  });
  expect([manifest.sources[0].rows, manifest.vms[0].rows]).toEqual([1, 1]);
});

test("the machine's own memory and its guests' are not mixed", async () => {
  expect(
    await refusal(`  x 7 [000] 1.000000: kmem:mm_page_free: page=0x5 pfn=0x5 order=0
  CPU 0/KVM 7 [000] 1.000001: kvm:kvm_page_fault: vcpu 0 rip 0x1 address 0x0000000000007000 error_code 0x181
`),
  ).toBe(
    "f:2: kvm:kvm_page_fault is about the memory of the VMs that it runs, and kmem:mm_page_free before it about that of this machine itself; keep one of them (perf script | grep kvm:kvm_page_fault)",
  );
});

test.each([
  ["kmem:mm_page_alloc: page=0x5 pfn=0x5 order=0", "f:2: kmem:mm_page_alloc: expected page=… pfn=… order=… migratetype=… gfp_flags=…"],
  ["kmem:mm_page_free: page=0x5 pfn=0xffffffff order=0", "f:2: kmem:mm_page_free: 1 pages from 0xffffffff go beyond the last page number"],
  ["exceptions:page_fault_user: address=0x5", "f:2: exceptions:page_fault_user: expected address=… ip=… error_code=0x…"],
  ["kvm_page_fault", "f:2: is no event of perf script (expected COMM PID [CPU] SECONDS: EVENT: …)"],
])("refuses %j", async (event, message) => {
  const good = "  x 7 [000] 1.000000: kmem:mm_page_free: page=0x5 pfn=0x5 order=0";
  expect(await refusal(`${good}\n  x 7 [000] 1.000000: ${event}\n`)).toBe(message);
});

test("a text that says nothing of memory says so", async () => {
  expect(await refusal("  x 7 [000] 1.000000: sched:sched_waking: comm=a pid=1 prio=120 target_cpu=000\n")).toMatch(
    /^f: has no event that says anything of memory \(1 sched:sched_waking\); record some of mm_page_alloc, /,
  );
});
