import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GUEST_KINDS, InputError, NONE, openTrace, type TraceManifest } from "@tidemark/data";
import { onTestFinished } from "vitest";
import { ingest } from "./ingest.ts";
import { PLAIN_READING, type IngestPlan, type IngestSummary } from "./ingest-plan.ts";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-ingest-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Name → content; in the order in which they are given to the ingest. */
export type Files = { readonly [name: string]: string | Uint8Array };

export interface Ingested {
  readonly summary: IngestSummary;
  readonly manifest: TraceManifest;
  /** The trace folder. */
  readonly trace: string;
  /** `time vm/vcpu op space:vpn ppn ×count`, numbers of pages in hexadecimal. */
  readonly accesses: readonly string[];
  /** `time vm/vcpu kind …` with what the event has. */
  readonly guest: readonly string[];
}

/** Writes the files into a folder and ingests them all. Messages name the files without the folder. */
export async function ingestFiles(files: Files, plan: Partial<IngestPlan> = {}): Promise<Ingested> {
  const folder = temporaryFolder();
  const inputs = Object.entries(files).map(([name, content]) => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  });
  const trace = join(folder, "out.trace");
  try {
    const summary = await ingest({ ...PLAIN_READING, tool: "test", inputs, output: trace, ...plan }, () => {});
    return { summary, trace, ...(await dump(trace)) };
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.message.replaceAll(`${folder}/`, ""));
    throw error;
  }
}

/** The one line that the user gets, with the name of the only file cut off. */
export async function refusal(content: string | Uint8Array, plan: Partial<IngestPlan> = {}): Promise<string> {
  try {
    await ingestFiles({ f: content }, plan);
  } catch (error) {
    if (error instanceof InputError && !error.message.includes("\n")) return error.message;
    throw error;
  }
  throw new Error("was not refused");
}

const hex = (value: number): string => value.toString(16);

/** A trace as text. */
async function dump(folder: string): Promise<Pick<Ingested, "manifest" | "accesses" | "guest">> {
  const trace = openTrace(folder);
  const { vms } = trace.manifest;
  const pages = await trace.pages();
  const accesses: string[] = [];
  for await (const b of trace.accesses()) {
    for (let i = 0; i < b.length; i++) {
      const page = pages[b.vm[i]];
      const where = `${hex(page.space[b.page[i]])}:${hex(page.vpn[b.page[i]])} ${hex(b.ppn[i])}`;
      accesses.push(`${b.timeNs[i]} ${vms[b.vm[i]].name}/${b.vcpu[i]} ${"RWX"[b.kind[i]]} ${where} ×${b.count[i]}`);
    }
  }
  const guest: string[] = [];
  for await (const b of trace.guestEvents()) {
    for (let i = 0; i < b.length; i++) {
      const words = [`${b.timeNs[i]} ${vms[b.vm[i]].name}/${b.vcpu[i]} ${GUEST_KINDS[b.kind[i]]}`];
      if (b.ppn[i] !== NONE) words.push(`ppn ${hex(b.ppn[i])}+${b.count[i]}`);
      if (!Number.isNaN(b.vpn[i])) words.push(`vpn ${hex(b.vpn[i])}`);
      if (b.space[i] !== 0) words.push(`space ${hex(b.space[i])}`);
      else if (b.value[i] !== 0) words.push(`value ${b.value[i]}`);
      if (b.pid[i] !== NONE) words.push(`pid ${b.pid[i]}`);
      if (b.gfp[i] !== NONE) words.push(`gfp ${hex(b.gfp[i])}`);
      if (b.migratetype[i] !== 255) words.push(`type ${b.migratetype[i]}`);
      guest.push(words.join(" "));
    }
  }
  return { manifest: trace.manifest, accesses, guest };
}
