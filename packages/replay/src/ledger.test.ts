import { gapTable, type Trace } from "@tidemark/data";
import { expect, test } from "vitest";
import { consumedPages, shareFrame } from "./charge.ts";
import { checkMachine } from "./check-machine.ts";
import { createGroups } from "./groups.ts";
import { ACTIVE, classPages, hasFuture, IDLE1, IDLE30, IDLE5, ledgerOf, SLACK } from "./ledger.ts";
import { createMachine, type Machine } from "./machine.ts";
import { gap } from "./observers/gap.ts";
import { createSchedule, type Schedule } from "./schedule.ts";
import { textOf, traceOf } from "./testing.ts";
import { beginEpoch, touchRows } from "./touch.ts";

/** Two VMs; VM1 touches PPNs 0…4 and VM2 0…1 at 0 s. Then nothing, up to `end` epochs. */
async function quiet(schedule: Schedule): Promise<Machine> {
  const plan = (name: string) => {
    const unknown = new Float64Array(8);
    return { name, configuredPages: 8, blockPages: 1, groups: createGroups(), userOwner: new Uint8Array(8), vpnOf: unknown };
  };
  const machine = createMachine([plan("VM1"), plan("VM2")], schedule.ends.length, schedule.lookBackEpochs);
  const trace: Trace = traceOf({
    vms: ["VM1", "VM2"],
    touches: [0, 1, 2, 3, 4, 10, 11].map((n) => ({ s: 0, vm: n < 10 ? 0 : 1, ppn: n % 10, op: "R" as const })),
  });
  beginEpoch(machine);
  for await (const batch of trace.accesses()) touchRows(machine, batch, 0, batch.length);
  return machine;
}

test("sharing is a credit: the classes and the credit add up to consumed, the credit has no owner", async () => {
  const schedule = createSchedule(0, 20e9, 10e9, 10e9, [], []);
  const machine = await quiet(schedule);
  const [vm1, vm2] = machine.vms;
  const [a, b, c] = vm1.pmap;
  shareFrame(machine, vm1, 3, a);
  shareFrame(machine, vm1, 4, b);
  shareFrame(machine, vm2, 0, c);
  beginEpoch(machine); // 10 s later
  const ledger = ledgerOf(machine, vm1, schedule);
  expect([ledger.grantedPages, ledger.consumedPages, ledger.activePages, classPages(ledger, IDLE1)]).toEqual([5, 2.5, 0, 5]);
  const observation = await gap.create({ machine, schedule, host: undefined, traced: [], estimatorNames: [] });
  observation.sample?.({ vm: 0, timeNs: ledger.timeNs, ledger, estimates: [] });
  const run = { tables: observation.finish() };
  expect(textOf(run, gapTable, ["time", "class", "pages", "returns", "notSeenAgain"])).toBe("10 idle1 5 5 0\n10 sharing -2.5 - -");
});

test("a frame that is shared no more is charged in full again", async () => {
  const machine = await quiet(createSchedule(0, 20e9, 10e9, 10e9, [], []));
  const [vm1] = machine.vms;
  const [a, b, c] = vm1.pmap;
  shareFrame(machine, vm1, 1, a);
  shareFrame(machine, vm1, 1, a); // again: nothing changes
  expect([machine.sharedFrames, consumedPages(machine, vm1)]).toEqual([1, 4]);
  shareFrame(machine, vm1, 1, c); // from one shared frame to another
  expect([machine.sharedFrames, consumedPages(machine, vm1), machine.refs[a], machine.refs[b], machine.refs[c]]).toEqual([1, 4, 1, 0, 2]);
  checkMachine(machine);
});

test("pages age through the classes without being touched", async () => {
  const schedule = createSchedule(0, 320e9, 10e9, 10e9, [], []);
  const machine = await quiet(schedule);
  const [vm1] = machine.vms;
  const classes = [ACTIVE, SLACK, IDLE1, IDLE5, IDLE30];
  const seen: string[] = [];
  for (let epoch = 1; epoch <= schedule.ends.length; epoch++) {
    if (epoch > 1) beginEpoch(machine);
    const ledger = ledgerOf(machine, vm1, schedule);
    expect([ledger.timeNs, ledger.remainingNs]).toEqual([schedule.ends[epoch - 1], 320e9 - schedule.ends[epoch - 1]]);
    const line = `${["active", "slack", "idle1", "idle5", "idle30"][classes.findIndex((cls) => classPages(ledger, cls) === 5)]}${hasFuture(ledger, IDLE1) ? "" : ", no future"}`;
    if (line !== seen.at(-1)?.replace(/^.*: /, "")) seen.push(`${ledger.timeNs / 1e9} s: ${line}`);
    expect(hasFuture(ledger, ACTIVE) || hasFuture(ledger, SLACK)).toBe(false);
  }
  expect(seen).toEqual(["0 s: active", "10 s: idle1", "50 s: idle5", "300 s: idle30", "320 s: idle30, no future"]);
});
