import { actionsTable, gapTable, hostTable, timelineTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { lines, replayOf, textOf, touchesOf, type HandWritten } from "../testing.ts";

const PAGE = 4096;
const pages = (s: number, vm: number, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ s, vm, ppn: from + i, op: "W" as const }));

// a has four pages, b five, two of them alike in both; on a host of nine frames and one of overhead for each.
const written: HandWritten = {
  vms: ["a", "b"],
  touches: [...pages(0, 0, 0, 4), ...pages(0, 1, 0, 5), ...pages(3, 1, 5, 9), ...pages(12, 1, 0, 2), ...pages(13, 0, 0, 4)],
  contents: [0, 1].flatMap((vm) => [0, 1].map((ppn) => ({ s: 1, vm, ppn, hash: 9n, zbytes: 900 }))),
  configuredPages: 16,
};
const scenario = {
  vms: [{ vm: "a", stop: "8s" }, { vm: "b" }],
  host: { memory: 12 * PAGE, minFree: 0, overheadPerVm: PAGE },
  share: { salting: "none", scanTime: "2s", contents: "end-state" },
  compress: { maxPercent: 20 },
  window: "2s",
  sample: "4s",
};

test("a VM that stops gives everything back: frames, references, swap and cache, balloon, overhead", async () => {
  const run = await replayOf(written, scenario, [], "rows");
  const of = (columns: readonly (keyof typeof timelineTable.columns & string)[]) => textOf(run, timelineTable, ["time", "vm", ...columns]);
  const [before, , at, , after] = of(["granted", "shared", "swapped", "zipped", "zipCache", "unbacked", "overhead", "target"])
    .split("\n")
    .slice(2);
  expect(before).toMatch(/^4 a [1-4] /);
  expect(at).toBe("8 a 0 0 0 0 0 16 0 0");
  expect(after).toBe("12 a 0 0 0 0 0 16 0 0");
  expect(of(["activeReported", "activeNotResident", "entitlement", "vmmemctl"]).split("\n").at(4)).toBe("8 a - 0 0 0");
  expect(textOf(run, hostTable, ["time", "overhead"])).toBe("0 2\n4 2\n8 1\n12 1");
  expect(textOf(run, actionsTable, ["time", "vm", "action", "reason"])).toContain("8 a stop powered off:");
  expect(textOf(run, actionsTable, ["time", "vm", "action", "reason"])).toMatch(/^8 "" balance a VM stops: /m);
  // What comes later in its trace is not played: the replay ends with the other's last access.
  expect(run.manifest.endNs).toBe(12e9);
  expect(run.manifest.assumed).toContain("a: powered off at 8 s; its trace goes on to 13 s, and that was not replayed");
});

test("what a page's future is, is what of its trace is played", async () => {
  const one: HandWritten = { touches: touchesOf("0 0 W · 0 1 W · 5 0 R · 9 1 R"), configuredPages: 256 };
  const future = async (vm: object) =>
    textOf(
      await replayOf(one, { vms: [{ vm: "vm", ...vm }], host: { memory: "1GiB", minFree: 0 }, window: "1s", sample: "2s" }),
      gapTable,
      ["time", "class", "returns", "notSeenAgain"],
    );
  expect(await future({})).toContain("2 idle1 2 0");
  expect(await future({ stop: "7s" })).toContain("2 idle1 1 1");
});

test("`stop` moves with the VM, and must leave it some time", async () => {
  const ofCopies = (stop: string) =>
    replayOf(written, {
      ...scenario,
      vms: [{ vm: "a", copies: 2, start: "1s", stagger: "2s", stop }, { vm: "b" }],
      host: { memory: "1GiB", minFree: 0 },
    });
  const stops = textOf(await ofCopies("8s"), actionsTable, ["time", "vm", "action"])
    .split("\n")
    .filter((row) => row.endsWith("stop"));
  expect(stops).toEqual(["9 a stop", "11 a-2 stop"]);
  await expect(ofCopies("0s")).rejects.toThrow("a: stops at 1 s, and does not start before 1 s; let it stop later");
  await expect(replayOf(written, { vms: [{ vm: "a", stop: "3s" }] })).rejects.toThrow(
    "a: what a VM that stops gives back is a host's; give host.memory",
  );
});

test("a host of one VM after another", async () => {
  // b starts when a has stopped: what one had is the other's.
  const each: HandWritten = { vms: ["a", "b"], touches: [...pages(0, 0, 0, 8), ...pages(5, 1, 0, 8)], configuredPages: 8 };
  const run = await replayOf(
    each,
    {
      vms: [{ vm: "a", stop: "4s" }, { vm: "b" }],
      host: { memory: 8 * PAGE, minFree: 0, overheadPerVm: 0 },
      swap: "off",
      window: "1s",
      sample: "1s",
    },
    [],
    "rows",
  );
  expect(textOf(run, hostTable, ["time", "consumed", "free"])).toBe(
    lines(`
      0 8 0
      1 8 0
      2 8 0
      3 8 0
      4 0 8
      5 8 0
    `),
  );
});
