import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { startWithContents } from "../contents-alone.ts";
import { createGroups } from "../groups.ts";
import { openGuests } from "../guests.ts";
import { createMachine } from "../machine.ts";
import { scenarioSchema } from "../scenario.ts";
import { spanOf } from "../span.ts";
import { traceOf, type HandWritten } from "../testing.ts";
import { beginEpoch } from "../touch.ts";
import { contendedStage } from "./contended-stage.ts";
import { createHost, planHost } from "./create-host.ts";

/** Contents of a guest, from the capture's own table: PPN → hash, 0 of a zero page. */
function contentsOfFile(name: string): readonly bigint[] {
  const file = new URL(`../../../../traces/nok/${name}.pages.csv.gz`, import.meta.url);
  const [header, ...rows] = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  expect(header).toBe("vm,gpfn,hash64,zlib1_bytes,lz4_bytes,kind");
  const hashes: bigint[] = [];
  for (const row of rows) {
    const [vm, ppn, hash, , , kind] = row.split(",");
    if (vm !== name || Number(ppn) !== hashes.length) throw new Error(`not the next page: ${row}`);
    hashes.push(kind === "Z" ? 0n : BigInt(`0x${hash}`));
  }
  return hashes;
}

describe("three captured guests of one kernel (traces/nok)", () => {
  const names = ["nok1", "nok2", "nok3"];
  const held = names.map(contentsOfFile);
  const written: HandWritten = {
    vms: names,
    touches: [],
    contents: held.flatMap((hashes, vm) => hashes.map((hash, ppn) => ({ s: 0, vm, ppn, hash, zbytes: 4096 }))),
    configuredPages: 65_536,
  };

  test("have the duplicates that were counted from their tables", () => {
    const nonZero = held.flatMap((hashes) => hashes.filter((hash) => hash !== 0n));
    expect(held.map((hashes) => hashes.filter((hash) => hash !== 0n).length)).toEqual([22_508, 22_496, 22_540]);
    expect([nonZero.length, new Set(nonZero).size]).toEqual([67_544, 25_883]);
  });

  // The scanner of ESX draws its pages: after 18 times as many draws as there are pages, one page in 65 million has not been drawn.
  test.each([
    ["esx", "none"],
    ["esx", "per-vm"],
    ["ksm", "none"],
    ["ksm", "per-vm"],
  ])("once scanner %s has seen everything, share page for page what is equal, salting %s", async (scanner, salting) => {
    const scenario = scenarioSchema.parse({
      vms: names.map((vm) => ({ trace: "nok", vm })),
      host: { memory: "900MiB", minFree: 0, overheadPerVm: 0 },
      span: "18s",
      share: { scanner, salting, scanTime: "1s", hostRate: 1e9, pagesToScan: 1e6, sleep: "1s" },
    });
    const trace = traceOf(written);
    const guests = await startWithContents(await openGuests(scenario, () => trace));
    const { originNs, endNs } = spanOf(guests, scenario.span);
    const plan = planHost(scenario, guests);
    if (plan === undefined) throw new Error("there is a host");
    const machine = createMachine(
      guests.map(({ name, configuredPages }) => ({
        name,
        configuredPages,
        blockPages: 1,
        groups: createGroups(),
        userOwner: new Uint8Array(configuredPages),
        vpnOf: new Float64Array(0),
      })),
      1,
      1,
      plan.machinePages,
    );
    const host = await createHost(scenario, plan, guests, machine, () => NaN, undefined);
    const stage = contendedStage(host, plan.policy, plan.policyParams, guests, () => {}, originNs, 1e6);
    beginEpoch(machine);
    await stage.advance(endNs);
    stage.tick(endNs);
    await stage.close();

    // Pages of one content, and of one VM where salted, have one frame; pages of different contents have different ones.
    const frameOf = new Map<string, number>();
    let differ = 0;
    names.forEach((name, v) => {
      held[v].forEach((hash, ppn) => {
        const key = salting === "none" ? `${hash}` : `${name} ${hash}`;
        const mpn = machine.vms[v].pmap[ppn];
        const known = frameOf.get(key) ?? mpn;
        frameOf.set(key, known);
        if (mpn !== known || mpn < 0) differ++;
      });
    });
    expect(differ).toBe(0);
    const frames = new Set(frameOf.values());
    expect(frames.size).toBe(frameOf.size);
    const nonZeroFrames = [...frameOf.keys()].filter((key) => !/^(nok\d )?0$/.test(key)).length;
    // Distinct contents that are not zero: of all three, or of each (16,635, 16,642 and 17,827).
    expect(nonZeroFrames).toBe(salting === "none" ? 25_883 : 16_635 + 16_642 + 17_827);
    expect(67_544 - nonZeroFrames).toBe(salting === "none" ? 41_661 : 16_440);
    expect(machine.sizePages - machine.freedMpns.length - (machine.sizePages - machine.freshMpn)).toBe(frames.size);
  });
});
