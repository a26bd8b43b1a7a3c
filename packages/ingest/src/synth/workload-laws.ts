import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ALLOC, FREE, openTrace, readParams, type TraceManifest } from "@tidemark/data";
import { expect, test } from "vitest";
import { temporaryFolder } from "../testing.ts";
import { synthesise, type SynthPlan } from "./synthesise.ts";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads.ts";

export interface Made {
  readonly folder: string;
  readonly manifest: TraceManifest;
}

/** A small trace of a workload. */
export async function made(
  workload: Workload,
  given: { readonly [param: string]: number } = {},
  plan: Partial<SynthPlan> = {},
): Promise<Made> {
  const folder = join(temporaryFolder(), "made.trace");
  const manifest = await synthesise(
    {
      workload,
      values: readParams(workload.name, workload.params, given),
      output: folder,
      rows: 20_000,
      durationNs: 10e9,
      memoryBytes: 2 ** 28,
      seed: 1,
      tool: "test",
      ...plan,
    },
    () => {},
  );
  return { folder, manifest };
}

const hashOf = (folder: string): string => {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder).toSorted()) hash.update(readFileSync(join(folder, file)));
  return hash.digest("hex");
};

/** What every workload keeps; `small` are parameters that 20,000 accesses get through. */
export function workloadLaws(workload: Workload, small: { readonly [param: string]: number }): void {
  test(`${workload.name}: is listed, and makes as many accesses as asked for, in the time asked for`, async () => {
    expect(workloads).toContain(workload);
    const { manifest } = await made(workload, small);
    expect(manifest.vms.reduce((sum, { accesses }) => sum + accesses, 0)).toBe(20_000);
    expect([manifest.originNs, manifest.endNs]).toEqual([0, 10e9]);
    expect(manifest.vms.every(({ ppns, order }) => ppns === "captured" && order === workload.order)).toBe(true);
    expect(manifest.synthesised[0]).toMatch(`all of it: made up by tidemark synth ${workload.name}`);
  });

  test(`${workload.name}: equal seeds give equal bytes, others others`, async () => {
    const once = hashOf((await made(workload, small)).folder);
    expect(hashOf((await made(workload, small)).folder)).toBe(once);
    expect(hashOf((await made(workload, small, { seed: 2 })).folder)).not.toBe(once);
  });

  test(`${workload.name}: no page has two owners, none is used while it is free, and there are contents for all`, async () => {
    const { folder, manifest } = await made(workload, small);
    const trace = openTrace(folder);
    const given = manifest.vms.map(() => new Set<number>());
    const changes: { readonly timeNs: number; readonly vm: number; readonly kind: number; readonly ppn: number }[] = [];
    for await (const { length, vm, timeNs, kind, ppn } of trace.guestEvents())
      for (let i = 0; i < length; i++)
        if (kind[i] === ALLOC || kind[i] === FREE) changes.push({ timeNs: timeNs[i], vm: vm[i], kind: kind[i], ppn: ppn[i] });
    let next = 0;
    for await (const { length, timeNs, vm, ppn } of trace.accesses()) {
      for (let i = 0; i < length; i++) {
        for (; next < changes.length && changes[next].timeNs <= timeNs[i]; next++) {
          const change = changes[next];
          expect(given[change.vm].has(change.ppn)).toBe(change.kind === FREE);
          if (change.kind === ALLOC) given[change.vm].add(change.ppn);
          else given[change.vm].delete(change.ppn);
        }
        if (!given[vm[i]].has(ppn[i])) expect.fail(`PPN ${ppn[i]} is accessed at ${timeNs[i]} and belongs to nobody`);
      }
    }
    const contents = await trace.contents();
    for (const [v, { highestPpn }] of manifest.vms.entries()) {
      const known = contents.ppn.filter((_, i) => contents.vm[i] === v);
      expect(new Set(known).size).toBe(known.length);
      expect(known.length).toBeGreaterThan(highestPpn ?? Infinity);
    }
  });
}

/** PPNs in the order of their accesses. */
export async function ppnsOf(folder: string): Promise<readonly number[]> {
  const ppns: number[] = [];
  for await (const { length, ppn } of openTrace(folder).accesses()) ppns.push(...ppn.subarray(0, length));
  return ppns;
}
