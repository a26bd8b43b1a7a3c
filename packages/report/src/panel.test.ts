import { hostTable, timelineTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { cutNote, panelsOf } from "./panel.ts";
import { exampleRun, translationRun } from "./testing.ts";

const many = (count: number, name: string): readonly string[] => Array.from({ length: count }, (_, i) => `${name}-${i}`);

test("says what is left out, and nothing where nothing is", () => {
  expect(cutNote(exampleRun())).toBe("");
  const instants = ["1s", "2s", "3s", "4s", "5s"];
  expect(cutNote(exampleRun({ vms: many(9, "vm"), instants, samples: 5 }))).toBe(
    "8 of 9 VMs are shown, those with the largest gap; the first 4 of 5 explained instants are shown. The run's tables have all of them.",
  );
});

test("without a ledger the first VMs are shown, and the first ways of translating them", () => {
  const translated = many(6, "core").map((core) => ["4k/4k", core] as const);
  expect(cutNote(translationRun({ translated }))).toBe(
    "The first 4 of 6 pairs of page sizes and core are shown. The run's tables have all of them.",
  );
  expect(cutNote(translationRun({ vms: many(9, "vm") }))).toBe("8 of 9 VMs are shown, the first ones. The run's tables have all of them.");
});

test("instants are drawn in the order of time, whatever the order in which they were asked for", () => {
  const run = exampleRun({ instants: ["1s", "2s", "3s", "4s", "5s"], samples: 5 });
  const asked = { ...run.manifest, instants: run.manifest.instants.toReversed() };
  expect(panelsOf({ ...run, manifest: asked }, "instant").map(({ explained }) => explained?.asked)).toEqual(["1s", "2s", "3s", "4s"]);
});

test("the host has one panel with the rows, instants and markers of all VMs; a VM's panel has its own, and the host's", () => {
  const run = exampleRun({ vms: ["a", "b"], instants: ["2.5s", "7s"], samples: 5, isScarce: true });
  const [host, ...none] = panelsOf(run, "run");
  expect(none).toEqual([]);
  expect([host?.vm, host?.instants.length, host?.markers.length]).toEqual(["", 4, 12]);
  expect(host?.rows(timelineTable).map(({ vm }) => vm)).toEqual([..."aaaaabbbbb"]);
  const [a] = panelsOf(run, "vm");
  expect([a?.vm, a?.instants.length, a?.markers.length]).toEqual(["a", 2, 6]);
  expect(a?.rows(timelineTable)).toHaveLength(5);
  expect(a?.rows(hostTable)).toEqual(host?.rows(hostTable));
});
