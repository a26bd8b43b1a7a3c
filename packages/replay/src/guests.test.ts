import { InputError, instantsTable } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { replay } from "./replay.ts";
import { scenarioSchema } from "./scenario.ts";
import { textOf, touchesOf, traceOf, type HandWritten } from "./testing.ts";

describe("the configured size", () => {
  const sizeOf = async (written: Partial<HandWritten>, size?: string) => {
    const trace = traceOf({ touches: touchesOf("0 0 W · 1 300 W"), ...written });
    const scenario = scenarioSchema.parse({ vms: [{ trace: "t", ...(size === undefined ? {} : { size }) }] });
    const { manifest } = await replay({ scenario, open: () => trace, instants: [], check: true, tool: "test", progress: () => {} });
    return [
      manifest.vms[0].configuredPages,
      manifest.vms[0].configuredFrom,
      manifest.assumed.some((text) => text.includes("configured size assumed")),
    ];
  };
  test("is what the scenario says, else what the trace says, else the highest page in whole MiB, labelled assumed", async () => {
    expect(await sizeOf({ configuredPages: 1024 }, "8MiB")).toEqual([2048, "given", false]);
    expect(await sizeOf({ configuredPages: 1024 })).toEqual([1024, "given", false]);
    expect(await sizeOf({})).toEqual([512, "assumed", true]);
    expect(await sizeOf({ touches: touchesOf("0 255 W") })).toEqual([256, "assumed", true]);
    expect(await sizeOf({ touches: touchesOf("0 256 W") })).toEqual([512, "assumed", true]);
  });
});

test("an access to device memory does not make a VM of terabytes", async () => {
  const trace = traceOf({ touches: touchesOf("0 0 W · 1 4000000000 W") });
  const run = (size: object) =>
    replay({
      scenario: scenarioSchema.parse({ vms: [{ trace: "t", ...size }] }),
      open: () => trace,
      instants: ["end"],
      check: false,
      tool: "test",
      progress: () => {},
    });
  await expect(run({})).rejects.toThrow("t: has an access at the guest-physical address 15259 GiB");
  expect((await run({ size: "1MiB" })).manifest.vms[0].outsideMemoryAccesses).toBe(1);
});

describe("the VMs of a scenario", () => {
  const two = {
    vms: ["a", "b"],
    touches: touchesOf("0 0 W · 2 1 W · 4 2 W").flatMap((t) => [t, { ...t, vm: 1, ppn: 9 }]),
    configuredPages: 256,
  };
  const host = async (vms: readonly object[], progress: (done: number, total: number) => void = () => {}) => {
    const traces = new Map([
      ["two", traceOf(two)],
      [
        "one",
        traceOf({
          touches: touchesOf("1 0 W · 9 0 W"),
          configuredPages: 256,
          told: [
            { s: 3, event: "mark", value: 5 },
            { s: 9.5, event: "mark", value: 6 },
          ],
        }),
      ],
      ["none", traceOf({ touches: [], configuredPages: 256 })],
    ]);
    const opened: string[] = [];
    const open = (path: string) => {
      opened.push(path);
      const trace = traces.get(path);
      if (trace === undefined) throw new Error(`no trace ${path}`);
      return trace;
    };
    const result = await replay({
      scenario: scenarioSchema.parse({ vms, window: "1s" }),
      open,
      instants: ["end"],
      check: true,
      tool: "test",
      progress,
    });
    return { result, opened };
  };

  test("may come from several traces, and a VM may run more than once under other names", async () => {
    const seen: [number, number][] = [];
    const vms = [
      { trace: "two", vm: "b" },
      { trace: "one", name: "late" },
      { trace: "two", vm: "b", name: "copy", backing: "2m" },
      { trace: "two", vm: "a" },
    ];
    const { result, opened } = await host(vms, (done, total) => seen.push([done, total]));
    expect(opened).toEqual(["two", "one"]);
    expect(result.manifest.vms.map(({ name, backing }) => `${name} ${backing}`)).toEqual(["b 4k", "late 4k", "copy 2m", "a 4k"]);
    expect(result.manifest).toMatchObject({ originNs: 0, endNs: 9e9, markers: [{ vm: "late", timeNs: 3e9, id: 5 }] });
    expect(textOf(result, instantsTable, ["vm", "granted"])).toBe("b 1\nlate 1\ncopy 256\na 3");
    expect(seen.at(-1)).toEqual([11, 11]);
    expect(seen.every(([done], i) => done >= (seen[i - 1]?.[0] ?? 0))).toBe(true);
  });

  test.each<[readonly object[], string]>([
    [[{ trace: "two" }], "two: has several VMs; say which with vm:; it has a, b"],
    [[{ trace: "two", vm: "c" }], 'two: has no VM "c"; it has a, b'],
    [[{ trace: "one", vm: "c" }], 'one: has no VM "c"; it has vm'],
    [[{ trace: "one" }, { trace: "one" }], 'two VMs are called "vm"; give one another name'],
    [[{ trace: "none" }], "hand-written: no accesses to replay"],
  ])("%j is refused", async (vms, message) => {
    await expect(host(vms)).rejects.toThrow(new InputError(message));
  });

  test("a VM without accesses runs beside others", async () => {
    const { result } = await host([{ trace: "none", name: "idle" }, { trace: "one" }]);
    expect(textOf(result, instantsTable, ["vm", "granted", "consumed", "active", "unbacked"])).toBe("idle 0 0 0 256\nvm 1 1 1 255");
  });
});
