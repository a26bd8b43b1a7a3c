import { expect, test } from "vitest";
import { none } from "../cores/none.ts";
import { modeLaws } from "../translation/mode-laws.ts";
import { counted, event, row } from "../translation/testing.ts";
import { shadowLazy } from "./shadow-lazy.ts";

modeLaws(shadowLazy, ["exits hidden fault", "exits page-table write", "hypervisor resyncs", "hypervisor unshadowed tables"]);

const fault = (vpn: number) => [event("fault"), row(vpn, vpn + 10)];

test("only the first write to a leaf table is trapped, until a CR3 load brings it up to date", () => {
  const steps = [row(0, 1), ...fault(1), ...fault(2), ...fault(3)];
  expect(counted(steps, none, shadowLazy)).toMatchObject({
    "exits page-table write": 1,
    "exits hidden fault": 4,
    "exits reflected fault": 3,
  });
  const loaded = [...steps, event("switch", { space: 1 }), ...fault(4), ...fault(5)];
  expect(counted(loaded, none, shadowLazy)).toMatchObject({ "exits page-table write": 2, "hypervisor resyncs": 1 });
});

test("a CR3 load leaves alone the tables that the new space does not reach", () => {
  const steps = [row(0, 1), ...fault(1), event("switch", { space: 2 }), row(0, 1, { space: 2 })];
  expect(counted(steps, none, shadowLazy)["hypervisor resyncs"]).toBeUndefined();
});

test("three writes to a directory that is not used between them unshadow it and what is below", () => {
  // Mapping a page under a page table that was not there writes the directory.
  const map = (vpn: number) => event("map", { vpn, ppn: vpn });
  const pages = [512, 1024, 1536];
  const steps = [row(0, 1), ...pages.map(map), row(0, 1), ...pages.map((vpn) => row(vpn, vpn))];
  expect(counted(steps, none, shadowLazy)).toMatchObject({
    "exits page-table write": 3,
    "hypervisor unshadowed tables": 2,
    "exits hidden fault": 5,
  });
  const used = [row(0, 1), ...pages.flatMap((vpn) => [map(vpn), row(vpn, vpn)])];
  expect(counted(used, none, shadowLazy)["hypervisor unshadowed tables"]).toBeUndefined();
});
