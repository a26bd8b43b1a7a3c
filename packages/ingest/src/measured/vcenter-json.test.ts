import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf } from "../measured-laws.ts";
import { vcenterJson } from "./vcenter-json.ts";

const instants = ["2016-11-02T09:00:00Z", "2016-11-02T09:00:20Z", "2016-11-02T09:00:40Z"];
const govc = {
  sample: [
    {
      entity: { type: "VirtualMachine", value: "vm-42" },
      sampleInfo: instants.map((timestamp) => ({ timestamp, interval: 20 })),
      value: [
        { name: "mem.consumed.average", unit: "kiloBytes", instance: "", value: [400, 404, -1] },
        { name: "mem.active.average", unit: "kiloBytes", instance: "", value: [100, 100, 104] },
        { name: "cpu.usage.average", unit: "percent", instance: "0", value: [1, 2, 3] },
      ],
    },
  ],
};

measuredLaws(vcenterJson, `${JSON.stringify(govc, null, 1)}\n`);

const SAME = ["0s vm-42 consumed=100 activeReported=25", "20s vm-42 consumed=101 activeReported=25", "40s vm-42 activeReported=26"];

test("govc, new and old, which begins its keys with capitals", async () => {
  expect(dumpOf(await measuredIn(JSON.stringify(govc)))).toEqual(SAME);
  const old = JSON.stringify(govc).replaceAll(/"([a-z])(\w*)":/g, (_, first: string, rest: string) => `"${first.toUpperCase()}${rest}":`);
  expect(dumpOf(await measuredIn(old))).toEqual(SAME);
});

test("PerfEntityMetricCSV: interval, instant, …, and counters by number, vCenter's or a host's", async () => {
  for (const [consumed, active] of [
    [98, 33],
    [65611, 65545],
  ]) {
    const answer = {
      returnval: [
        {
          entity: { _type: "VirtualMachine", _value: "vm-42" },
          sampleInfoCSV: instants.map((at) => `20,${at}`).join(","),
          value: [
            { id: { counterId: consumed, instance: "" }, value: "400,404,-1" },
            { id: { counterId: active, instance: "" }, value: "100,100,104" },
            // Of a host it is no counter of memory.
            ...(consumed === 65611 ? [{ id: { counterId: 24, instance: "" }, value: "1,2,3" }] : []),
          ],
        },
      ],
    };
    expect(dumpOf(await measuredIn(JSON.stringify(answer)))).toEqual(SAME);
  }
});

test("a host: by its type, or by counters that no VM has; its size from what it consumes; several keep their names", async () => {
  const value = [
    { name: "mem.consumed.average", instance: "", value: [4_000_000] },
    { name: "mem.usage.average", instance: "", value: [5000] },
    { name: "mem.swapused.average", instance: "", value: [40] },
  ];
  const host = (name: string, type: string, counters: readonly object[]) => ({
    entity: { type, value: name },
    sampleInfo: [{ timestamp: "2016-11-02T09:00:00Z", interval: 20 }],
    value: counters,
  });
  const [vm] = govc.sample;
  const both = await measuredIn(JSON.stringify({ sample: [vm, host("host-9", "HostSystem", value)] }));
  // 4,000,000 KB are half of 2,000,000 pages, here to the next 4 MiB.
  expect(dumpOf(both)).toEqual(["0s  consumed=1000000 swapped=10 machine=1999872", ...SAME]);
  expect(both.notes).toEqual(["machine memory, 7.63 GiB, is worked out from mem.consumed and mem.usage"]);
  const shared = [
    { name: "mem.sharedcommon.average", instance: "", value: [8] },
    { id: { counterId: 68 }, instance: "", value: [2] },
  ];
  expect(dumpOf(await measuredIn(JSON.stringify([host("host-9", "", shared)])))).toEqual(["0s  sharedCommon=2 state=2"]);
  const two = await measuredIn(JSON.stringify([host("host-9", "", shared), host("host-8", "", shared)]));
  expect(two.series.map(({ vm: name }) => name)).toEqual(["host-8", "host-9"]);
  expect(two.notes).toEqual(["2 hosts are listed by name; one of them can be held against a replay, in a file of its own"]);
});

test("what is cut or does not fit is refused in one line", async () => {
  expect(await refusalOf(JSON.stringify(govc).slice(0, -3))).toBe("web.txt:1: is not whole JSON; is the file cut short?");
  const text = JSON.stringify(govc);
  expect(await refusalOf(text.replace("[400,404,-1]", "[400]"))).toBe(
    'web.txt:1: "vm-42": mem.consumed.average has 1 values for 3 instants',
  );
  expect(await refusalOf(text.replace("[400,404,-1]", '[400,{},"x"]'))).toBe(
    'web.txt:1: "vm-42": mem.consumed.average: "[object Object]" is not a number',
  );
  expect(await refusalOf('{"sampleInfo": 3}')).toBe("web.txt:1: has an entry without sampleInfo");
});
