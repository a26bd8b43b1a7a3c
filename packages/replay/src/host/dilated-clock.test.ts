import { gapTable, rowsOf, pickTable, timelineTable } from "@tidemark/data";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openGuests } from "../guests.ts";
import { scenarioSchema } from "../scenario.ts";
import { createSchedule } from "../schedule.ts";
import { createVms } from "../set-up.ts";
import { replayOf, textOf, touchesOf, traceOf, type HandWritten, type Touch } from "../testing.ts";
import { beginEpoch } from "../touch.ts";
import { contendedStage } from "./contended-stage.ts";
import { createHost, planHost } from "./create-host.ts";
import { pressedCases } from "./slow-cases.ts";

const PAGE = 4096;
const FREE = Object.fromEntries(
  ["firstTouch", "zeroing", "copyOnWrite", "decompression", "swapIn", "guestSwapIn", "doublePaging", "blocked", "largeBreak"].map(
    (cost) => [cost, "0ns"],
  ),
);
const AMPLE = { memory: "1GiB", minFree: 0, overheadPerVm: 0 };

/** Row by row, when it was played, and all that its VM had waited then. */
async function playedRows(touches: readonly Touch[], scenario: object) {
  const parsed = scenarioSchema.parse({ vms: [{ trace: "t" }], ...scenario });
  const guests = await openGuests(parsed, () => traceOf({ touches, configuredPages: 256, batchRows: 1 }));
  const plan = planHost(parsed, guests);
  if (plan === undefined) throw new Error("no host");
  const schedule = createSchedule(0, 1e12, 1e12, 1e12, [], []);
  const machine = await createVms(guests, schedule, plan.machinePages);
  const host = await createHost(parsed, plan, guests, machine, () => NaN, undefined);
  const rows: { readonly timeNs: number; readonly waitedNs: number }[] = [];
  const stage = contendedStage(
    host,
    plan.policy,
    plan.policyParams,
    guests,
    ({ timeNs }, from, to) => {
      for (let i = from; i < to; i++) rows.push({ timeNs: timeNs[i], waitedNs: host.vms[0].stalls.totalNs });
    },
    0,
    1e6,
  );
  beginEpoch(machine);
  await stage.advance(1e12);
  return rows;
}

describe("law", () => {
  /** A VM with less memory than it touches: first touches, page-outs it waits for, swap-ins. */
  const touches = fc
    .array(fc.record({ s: fc.nat(4000).map((ms) => ms / 1000), ppn: fc.nat(15), op: fc.constantFrom("R" as const, "W" as const) }), {
      minLength: 1,
      maxLength: 60,
      size: "max",
    })
    .map((rows) => rows.toSorted((a, b) => a.s - b.s));
  const pressed = {
    host: { memory: 10 * PAGE, minFree: 0, overheadPerVm: 0 },
    share: "off",
    balloon: "off",
    stallCosts: { firstTouch: "20ms", swapIn: "250ms", blocked: "40ms" },
  };
  const ns = (s: number): number => Math.round(s * 1e9);

  test("open: every access at the time of its trace, however long it waits", async () => {
    const law = async (trace: readonly Touch[]): Promise<void> => {
      expect((await playedRows(trace, pressed)).map(({ timeNs }) => timeNs)).toEqual(trace.map(({ s }) => ns(s)));
    };
    await fc.assert(fc.asyncProperty(touches, law), { seed: 1, numRuns: 40 });
  });

  test("dilated: an access comes later than in its trace by all that its VM waited before; order and gaps stay", async () => {
    let waited = 0;
    const law = async (trace: readonly Touch[]): Promise<void> => {
      const rows = await playedRows(trace, { ...pressed, clock: "dilated" });
      expect(rows.map(({ timeNs }) => timeNs)).toEqual(trace.map(({ s }, i) => ns(s) + (rows[i - 1]?.waitedNs ?? 0)));
      waited += rows.at(-1)?.waitedNs ?? 0;
    };
    await fc.assert(fc.asyncProperty(touches, law), { seed: 1, numRuns: 40 });
    expect(waited).toBeGreaterThan(10e9);
  });

  test("where waits cost nothing both clocks give the same bytes", async () => {
    const law = async ({ written, scenario }: { readonly written: HandWritten; readonly scenario: object }): Promise<void> => {
      const of = async (clock: string) => {
        try {
          const { tables, manifest } = await replayOf(written, { ...scenario, stallCosts: FREE, clock }, ["end", "peak"], false);
          return { tables, manifest: { ...manifest, scenario: { ...manifest.scenario, clock: "" } } };
        } catch (error) {
          return error;
        }
      };
      expect(await of("dilated")).toEqual(await of("open"));
    };
    await fc.assert(fc.asyncProperty(pressedCases, law), { seed: 2, numRuns: 15 });
  });
});

// A page more a second; every first touch waits 300 ms.
const written: HandWritten = {
  touches: touchesOf("0 0 W · 1 1 W · 1 0 R · 2 2 W"),
  told: [{ s: 1.5, event: "mark", value: 7 }],
  meminfo: ["MemTotal", "MemFree"].map((counter) => ({
    timeNs: 1.5e9,
    vm: 0,
    counter,
    value: counter === "MemFree" ? 400 : 1024,
    unit: "kB",
  })),
  configuredPages: 256,
};
const scenario = {
  host: AMPLE,
  stallCosts: { firstTouch: "300ms", zeroing: "0ns" },
  window: "500ms",
  sample: "500ms",
};

test("a worked example: the last page at 2.6 s instead of 2 s, the end at the next sample", async () => {
  const open = await replayOf(written, scenario);
  const dilated = await replayOf(written, { ...scenario, clock: "dilated" });
  expect([open.manifest.endNs, dilated.manifest.endNs]).toEqual([2e9, 3e9]);
  const granted = (run: typeof open) => textOf(run, timelineTable, ["time", "granted", "active"]).split("\n");
  expect(granted(open)).toEqual(["0 1 1", "0.5 1 0", "1 2 2", "1.5 2 0", "2 3 1"]);
  expect(granted(dilated)).toEqual(["0 1 1", "0.5 1 0", "1 1 0", "1.5 2 1", "2 2 1", "2.5 2 0", "3 3 1"]);
});

test("markers, the guest's own view and the future of pages follow", async () => {
  const run = await replayOf(written, { ...scenario, clock: "dilated" }, ["mark:7", "end"]);
  expect(run.manifest.markers.map(({ timeNs }) => timeNs)).toEqual([2.1e9]);
  // With the first sample after it.
  expect(run.manifest.instants.map(({ asked, timeNs }) => `${asked} ${timeNs}`)).toEqual(["mark:7 2500000000", "end 3000000000"]);
  // 1.5 s of the guest's time are 2.1 s of the host's.
  expect(textOf(run, timelineTable, ["time", "guestUsed"]).split("\n").slice(3)).toEqual(["1.5 -", "2 -", "2.5 156", "3 156"]);
  // PPN 0 is seen again at 1.6 s, and not after that.
  const idle = pickTable(run.tables, gapTable);
  if (idle === undefined) throw new Error("no gap");
  expect(
    rowsOf(idle)
      .filter((row) => row["class"] === "idle1")
      .map((row) => `${Number(row["time"]) / 1e9} ${row["returns"]} ${row["notSeenAgain"]}`),
  ).toEqual(["0.5 1 0", "1 1 0", "1.5 1 0", "2 0 1", "2.5 0 2", "3 NaN NaN"]);
});

test("a `span` is host time, and is run to its end", async () => {
  const alone: HandWritten = { touches: [], contents: [0, 1].map((ppn) => ({ s: 0, ppn, hash: 1n, zbytes: PAGE })), configuredPages: 256 };
  const run = await replayOf(alone, { ...scenario, clock: "dilated", span: "2700ms" });
  expect(run.manifest.endNs).toBe(3e9);
  expect(textOf(run, timelineTable, ["time", "granted"]).split("\n")).toContain("0.5 2");
});

test("what cannot be is said", async () => {
  await expect(replayOf(written, { ...scenario, clock: "dilated" }, ["peak"])).rejects.toThrow(
    "--at peak: not known on the dilated clock; name a time, end or a marker",
  );
  await expect(replayOf(written, { clock: "dilated" })).rejects.toThrow(
    "clock: dilated: VMs wait for memory on a host of finite memory; give host.memory",
  );
  const long = { ...scenario, clock: "dilated", stallCosts: { firstTouch: "1000s", zeroing: "0ns" }, sample: "10ms" };
  await expect(replayOf(written, long)).rejects.toThrow(
    "clock: dilated: waits stretch the 2 s of the trace beyond 1000 s, as far as samples every 10 ms go; take a longer sample, lower stallCosts, more memory, or the open clock",
  );
});
