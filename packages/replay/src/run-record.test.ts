import { expect, test } from "vitest";
import { replay } from "./replay.ts";
import { scenarioSchema } from "./scenario.ts";
import { touchesOf, traceOf } from "./testing.ts";

test("what is assumed is said: missing allocator events, order that is not exact, what the trace synthesised", async () => {
  const trace = traceOf({ touches: touchesOf("0 0 W · 1 1 W"), configuredPages: 256 });
  const of = async (facts: object, synthesised: string[]) => {
    const manifest = { ...trace.manifest, synthesised, vms: trace.manifest.vms.map((vm) => ({ ...vm, ...facts })) };
    const scenario = scenarioSchema.parse({ vms: [{ trace: "t" }] });
    const open = () => ({ ...trace, manifest });
    return (await replay({ scenario, open, instants: [], check: false, tool: "test", progress: () => {} })).manifest.assumed;
  };
  const loses = "residency, activity and reclamation hold, read/write ratios and TLB figures do not";
  const noEvents = "vm: no alloc or free events: memory the guest has freed cannot be told from idle memory";
  expect(await of({}, [])).toEqual([noEvents]);
  expect(await of({ allocatorEvents: 3, order: "windowed" }, ["PPNs"])).toEqual(["PPNs", `vm: the trace is windowed: ${loses}`]);
  expect(await of({ order: "undeclared" }, [])).toEqual([
    `vm: the trace does not say whether it is in exact order; it is taken as windowed: ${loses}`,
    noEvents,
  ]);
});

test("a trace is called what the scenario calls it, wherever it was opened", async () => {
  const trace = { ...traceOf({ touches: touchesOf("0 0 W") }), name: "/home/somebody/traces/t.trace" };
  const scenario = scenarioSchema.parse({ vms: [{ trace: "traces/t.trace" }] });
  const { manifest } = await replay({ scenario, open: () => trace, instants: [], check: false, tool: "test", progress: () => {} });
  expect(manifest.traces.map(({ name }) => name)).toEqual(["traces/t.trace"]);
  expect(JSON.stringify(manifest)).not.toContain("somebody");
});
