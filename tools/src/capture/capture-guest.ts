import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { InputError } from "@tidemark/data";
import { ingest, PLAIN_READING } from "@tidemark/ingest";
import { pageContents } from "./page-contents.ts";
import { prepareGuest } from "./prepare-guest.ts";
import type { Recipe } from "./recipes.ts";
import { readRingBuffer } from "./ring-buffer.ts";
import { runQemu } from "./run-qemu.ts";
import { selfChecks, type SelfCheck } from "./self-checks.ts";

export interface CapturePlan {
  readonly recipe: Recipe;
  /** Where the capture's files and its trace go. */
  readonly output: string;
  /** Where the plugin, the guest and its kernel are built, and kept for the next capture. */
  readonly build: string;
  /** A kernel to take instead of Debian's. */
  readonly kernel: string | undefined;
  readonly memoryMib: number;
  /** Only what QEMU's plugin interface promises: without the frames of fetches, a clock and, before QEMU 9, address spaces. */
  readonly publicApiOnly: boolean;
  /** Every change of page between the markers 11 and 12, at most so many accesses; undefined: merged by window. */
  readonly strictAccesses: number | undefined;
  readonly timeoutS: number;
}

export interface Captured {
  readonly trace: string;
  /** Of the records as the plugin wrote them, in hexadecimal: the same again for the same guest. */
  readonly sha256: string;
  readonly allocs: number;
  readonly checks: readonly SelfCheck[];
}

const HEADER_BYTES = 64;
const FLAGS_AT = 44;
const HAS_VIRTUAL_CLOCK = 2;
const EVENTS = ["mm_page_alloc", "mm_page_free"];

/** Captures a guest and ingests what was captured. InputError: what the user can put right. `say`: what is being done. */
export async function captureGuest(plan: CapturePlan, say: (line: string) => void): Promise<Captured> {
  const { recipe, output, memoryMib } = plan;
  const name = plan.strictAccesses === undefined ? recipe.name : `${recipe.name}-strict`;
  const at = (suffix: string): string => join(output, `${name}.${suffix}`);
  const trace = at("trace");
  if (existsSync(trace)) throw new InputError(`${trace}: is there already; remove it, or name another folder with -o`);
  mkdirSync(output, { recursive: true });
  mkdirSync(plan.build, { recursive: true });
  say("building the plugin and the guest");
  const guest = prepareGuest(plan.build, plan.kernel);
  const work = join(output, `${name}.tmp`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  say(`running ${name}: ${recipe.about}`);
  const records = join(work, "records.gmt");
  const kept =
    plan.strictAccesses === undefined ? `${recipe.plugin},stop=98` : `slots=1,window=0,start=11,stop=12,max=${plan.strictAccesses}`;
  await runQemu({
    guest,
    folder: work,
    memoryMib,
    append: `gmt.W=${recipe.name} gmt.SAMPLE=${recipe.sampleMs} trace_event=${EVENTS.map((event) => `kmem:${event}`).join(",")} trace_buf_size=${recipe.traceBuffer} trace_clock=x86-tsc`,
    plugin: `out=${records},ram=${memoryMib * 2 ** 20},internals=${plan.publicApiOnly ? "off" : "on"},${kept}`,
    timeoutS: plan.timeoutS,
  });
  say("reading what the guest found, and its memory");
  execFileSync("tar", ["xzf", join(work, "found.tgz"), "-C", work]);
  const formats = new Map(EVENTS.map((event) => [event, readFileSync(join(work, `format.${event}`), "utf8")]));
  const { csv, allocs } = readRingBuffer(readFileSync(join(work, "raw")), formats, `${name}: raw`);
  writeFileSync(at("kmem.csv"), csv);
  writeFileSync(at("pages.csv"), pageContents(name, join(work, "ram.bin")));
  renameSync(join(work, "meminfo.txt"), at("meminfo.txt"));
  renameSync(`${records}.json`, at("gmt.json"));
  const sha256 = await sha256Of(records);
  // What the guest found has the guest's clock; beside times that are instructions it would stand at the wrong places.
  const onClock = hasGuestClock(records) ? ["kmem.csv", "meminfo.txt"] : [];
  if (onClock.length === 0) say("the emulator did not tell its clock: kmem.csv and meminfo.txt are kept beside the trace, not in it");
  execFileSync("zstd", ["-q", "-f", "--rm", records, "-o", at("gmt.zst")]);
  rmSync(work, { recursive: true });
  say("ingesting");
  await ingest(
    {
      ...PLAIN_READING,
      inputs: ["gmt.zst", "pages.csv", ...onClock].map(at),
      output: trace,
      vm: name,
      sizeBytes: memoryMib * 2 ** 20,
      tool: "tidemark capture",
    },
    () => {},
  );
  return { trace, sha256, allocs, checks: await selfChecks(trace, at("gmt.json")) };
}

/** By the flags in the header (tools/capture/plugin/record.h). */
function hasGuestClock(records: string): boolean {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(records, "r");
  readSync(file, header);
  closeSync(file);
  return (header.readUInt32LE(FLAGS_AT) & HAS_VIRTUAL_CLOCK) !== 0;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
