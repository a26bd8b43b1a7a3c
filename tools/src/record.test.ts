import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, inflateSync } from "node:zlib";
import { openTrace, type TraceManifest } from "@tidemark/data";
import { afterAll, describe, expect, test } from "vitest";

// Every recipe of tools/record, run where its tool is installed and permitted.
const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const main = path("packages/cli/dist/main.js");
const folder = mkdtempSync(join(tmpdir(), "tidemark-record-"));
afterAll(() => rmSync(folder, { recursive: true }));

const can = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { cwd: folder, stdio: "ignore", timeout: 20_000 }).status === 0;

const has = (program: string): boolean => can("sh", "-c", `command -v ${program}`);

/** The first of what a recipe takes that is not here, as a skipped suite says it. */
const lacking = (...needs: readonly (readonly [what: string, isHere: () => boolean])[]): string | undefined =>
  needs.find(([, isHere]) => !isHere())?.[0];

/** Runs a recipe; what it recorded, and what the trace says of it. */
function record(recipe: string, ...args: readonly string[]): TraceManifest {
  const env = { ...process.env, TIDEMARK: `${process.execPath} ${main}` };
  execFileSync(path(`tools/record/${recipe}.sh`), [recipe, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 120_000,
  });
  return openTrace(join(folder, `${recipe}.trace`)).manifest;
}

/** Consumed pages of all VMs, as explained. */
function consumedPages(recipe: string): number {
  const json = execFileSync(process.execPath, [main, "explain", join(folder, `${recipe}.trace`), "--json"], { encoding: "utf8" });
  const { vms } = JSON.parse(json) as { readonly vms: readonly { readonly consumedPages: number }[] }; // docs/json.md
  return vms.reduce((sum, vm) => sum + vm.consumedPages, 0);
}

const recorded = (name: string): Buffer => readFileSync(join(folder, name));
const lines = (text: string, kind: RegExp): number => text.split("\n").filter((line) => kind.test(line)).length;

/** Records nothing to speak of, and tidies up. */
const TRY_TRACE_CMD =
  "trace-cmd record -q -d -k -e exceptions:page_fault_user -o try.dat true; status=$?; trace-cmd reset || trace-cmd restart; exit $status";

/** Reads 256 pages of zeros into a buffer, which no page lay behind. */
const DD = ["dd", "if=/dev/zero", "of=/dev/null", "bs=1M", "count=1"];

const recipes: readonly { readonly name: string; readonly lacks: () => string | undefined; readonly check: () => void }[] = [
  {
    name: "lackey",
    lacks: () => lacking(["valgrind", () => has("valgrind")]),
    check() {
      const { sources, vms } = record("lackey", "awk", "BEGIN { for (i = 0; i < 1000; i++) a[i] = i }");
      const text = gunzipSync(recorded("lackey.lackey.gz")).toString();
      expect(sources[0].rows).toBe(lines(text, /^(I | [LSM]) /));
      expect(consumedPages("lackey")).toBe(vms[0].virtualPages);
      expect(vms[0].writes).toBeGreaterThan(1000);
    },
  },
  {
    name: "perf",
    lacks: () =>
      lacking(
        ["perf", () => has("perf")],
        [
          "permission to record",
          () => can("perf", "record", "-a", "--phys-data", "-d", "-e", "kmem:mm_page_free,minor-faults", "-o", "try", "true"),
        ],
      ),
    check() {
      const { sources, vms, captured } = record("perf", ...DD);
      const text = recorded("perf.perf.txt").toString();
      expect(sources[0].rows).toBe(lines(text, /./));
      expect(vms[0].rows).toBe(lines(text, / minor-faults: .* [1-9a-f][0-9a-f]*$/));
      expect(captured.toSorted()).toEqual(["accesses", "allocator events"]);
      expect(lines(text, /^ +dd .* minor-faults: /)).toBeGreaterThan(256);
      expect(consumedPages("perf")).toBeGreaterThan(256);
    },
  },
  {
    name: "trace-cmd",
    lacks: () => lacking(["trace-cmd", () => has("trace-cmd")], ["permission to record", () => can("sh", "-c", TRY_TRACE_CMD)]),
    check() {
      // Its recorders take their time to begin.
      const { vms } = record("trace-cmd", "sh", "-c", `sleep 0.5; ${DD.join(" ")}; sleep 0.1`);
      const text = recorded("trace-cmd.ftrace.txt").toString();
      expect(vms[0].rows).toBe(lines(text, /: page_fault_(user|kernel): +address=0x/));
      expect(vms[0].writes).toBe(lines(text, /: page_fault_(user|kernel): +address=0x.* error_code=0x[0-9a-f]*[2367abef]$/));
      expect(vms[0].writes).toBeGreaterThan(256);
      expect(consumedPages("trace-cmd")).toBeGreaterThan(256);
    },
  },
  {
    name: "damo",
    lacks: () =>
      lacking(
        ["damo", () => has("damo")],
        ["a kernel with DAMON, and root", () => existsSync("/sys/kernel/mm/damon/admin") && process.getuid?.() === 0],
      ),
    check() {
      const { sources, vms } = record("damo", "paddr", "2");
      const snapshots = JSON.parse(inflateSync(recorded("damo.damon.data")).toString()) as readonly DamonRecord[]; // damo's, as docs/formats/damo.md has it
      const regions = snapshots.flatMap((each) => each.snapshots.flatMap((snapshot) => snapshot.regions));
      expect(sources[0].rows).toBe(regions.length);
      const accessed = regions.filter((region) => Number(region.nr_accesses.samples) > 0);
      expect(vms[0].rows).toBe(accessed.reduce((sum, { start, end }) => sum + (bytes(end) - bytes(start)) / 4096, 0));
      expect(consumedPages("damo")).toBeGreaterThan(0);
    },
  },
  {
    name: "kvm",
    lacks: () =>
      lacking(
        ["perf", () => has("perf")],
        ["qemu-system-x86_64", () => has("qemu-system-x86_64")],
        ["gcc and objcopy", () => has("gcc") && has("objcopy")],
        ["/dev/kvm", () => isWritable("/dev/kvm")],
        [
          "permission to record",
          () => can("perf", "record", "-a", "-e", "kvm:kvm_page_fault,kvmmmu:kvm_mmu_spte_requested", "-o", "try", "true"),
        ],
      ),
    check() {
      const [object, image] = [join(folder, "guest.o"), join(folder, "guest.bin")];
      execFileSync("gcc", ["-c", path("packages/ingest/fixtures/formats/kvm-guest.S"), "-o", object]);
      execFileSync("objcopy", ["-O", "binary", "-j", ".text", object, image]);
      const guest = `-accel kvm -cpu qemu64 -m 16M -nodefaults -display none -no-reboot -bios ${image}`;
      const { vms } = record("kvm", "timeout", "60", "qemu-system-x86_64", ...guest.split(" "));
      expect(vms).toHaveLength(1);
      expect(vms[0].name).toMatch(/^kvm-\d+$/);
      const mapped = lines(recorded("kvm.perf.txt").toString(), / kvm:kvm_page_fault: | kvmmmu:kvm_mmu_spte_requested: /);
      expect(vms[0].rows).toBeLessThanOrEqual(mapped);
      // One for each 2 MiB at the least: the code's, the written pages' and the read ones'.
      expect(consumedPages("kvm")).toBeGreaterThanOrEqual(3);
    },
  },
];

interface DamonRecord {
  readonly snapshots: readonly {
    readonly regions: readonly {
      readonly start: string;
      readonly end: string;
      readonly nr_accesses: { readonly samples: string | number };
    }[];
  }[];
}

const bytes = (text: string): number => Number(text.replaceAll(",", ""));

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

for (const { name, lacks, check } of recipes) {
  const missing = lacks();
  describe.skipIf(missing !== undefined)(`tools/record/${name}.sh${missing === undefined ? "" : ` (skipped: lacks ${missing})`}`, () => {
    test("records a small workload, and leaves a trace that is explained", { timeout: 180_000 }, check);
  });
}
